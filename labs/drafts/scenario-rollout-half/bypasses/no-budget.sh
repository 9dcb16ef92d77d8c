# caught-by: rules
kubectl -n pay delete poddisruptionbudget payment-service
kubectl -n pay set resources deployment payment-service --requests=cpu=15m
kubectl -n pay rollout status deployment payment-service --timeout=240s
