# caught-by: rules
kubectl -n pay patch poddisruptionbudget payment-service -p '{"spec": {"minAvailable": 1}}'
kubectl -n pay set resources deployment payment-service --requests=cpu=15m
kubectl -n pay rollout status deployment payment-service --timeout=240s
