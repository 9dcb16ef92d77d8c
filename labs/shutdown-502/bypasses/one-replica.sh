# variants: prompt
# caught-by: kept
kubectl -n shop scale deployment checkout --replicas=1
kubectl -n shop rollout status deployment checkout --timeout=60s
