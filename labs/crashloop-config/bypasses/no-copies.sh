# variants: role
# caught-by: kept, runs
kubectl -n shop scale deployment web --replicas=0
kubectl -n shop wait --for=delete pod -l app=web --timeout=60s
