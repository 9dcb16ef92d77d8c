# variants: default
# caught-by: kept, affordable
kubectl -n shop delete limitrange defaults
kubectl -n shop rollout restart deployment search
kubectl -n shop rollout status deployment search --timeout=60s
