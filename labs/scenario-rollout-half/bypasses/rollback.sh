# caught-by: one-version
kubectl -n pay rollout undo deployment payment-service
kubectl -n pay rollout status deployment payment-service --timeout=240s
