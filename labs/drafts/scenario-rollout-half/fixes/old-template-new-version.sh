# v1's template with the new version in it: nothing else of the release is needed.
kubectl -n pay rollout undo deployment payment-service
kubectl -n pay set env deployment/payment-service VERSION=v2
kubectl -n pay rollout status deployment payment-service --timeout=240s
