# variants: cache
# caught-by: survives
kubectl -n shop set resources deployment search --limits=memory=256Mi
kubectl -n shop rollout status deployment search --timeout=60s
