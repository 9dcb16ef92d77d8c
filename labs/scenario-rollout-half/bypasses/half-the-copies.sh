# caught-by: kept
kubectl -n pay scale deployment payment-service --replicas=10
kubectl -n pay rollout status deployment payment-service --timeout=240s
