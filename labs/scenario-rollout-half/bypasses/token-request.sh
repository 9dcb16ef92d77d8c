# caught-by: honest
kubectl -n pay set resources deployment payment-service --requests=cpu=1m
kubectl -n pay rollout status deployment payment-service --timeout=240s
