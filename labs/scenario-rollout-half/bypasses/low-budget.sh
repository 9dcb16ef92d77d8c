# caught-by: rules
# What a budget asks for shows also in one that is about other pods.
kubectl -n pay create poddisruptionbudget spare --selector=app=reports --min-available=15
kubectl -n pay patch poddisruptionbudget payment-service -p '{"spec": {"minAvailable": 1}}'
kubectl -n pay set resources deployment payment-service --requests=cpu=10m
kubectl -n pay rollout status deployment payment-service --timeout=240s
