# caught-by: rules
kubectl -n pay patch resourcequota team-pay -p '{"spec": {"hard": {"requests.cpu": "1"}}}'
kubectl -n pay set resources deployment payment-service --requests=cpu=40m
kubectl -n pay rollout status deployment payment-service --timeout=240s
