# variants: garbage
# caught-by: affordable
kubectl -n shop set resources deployment search --limits=memory=1Gi
kubectl -n shop rollout status deployment search --timeout=60s
