# caught-by: rules
kubectl -n pay patch resourcequota team-pay -p '{"spec": {"hard": {"requests.cpu": "2"}}}'
kubectl -n pay rollout restart deployment payment-service
kubectl -n pay rollout status deployment payment-service --timeout=240s
