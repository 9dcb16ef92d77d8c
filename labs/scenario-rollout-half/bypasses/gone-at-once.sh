# caught-by: answered
# A full surge of 39m fits, if those that leave take no room while they drain.
kubectl -n pay rollout undo deployment payment-service
kubectl -n pay rollout status deployment payment-service --timeout=240s
kubectl -n pay patch deployment payment-service -p '{"spec": {"template": {"spec": {"containers": [{"name": "payment-service",
  "env": [{"name": "VERSION", "value": "v2"}, {"name": "DRAIN_DELAY", "value": "0s"}],
  "resources": {"requests": {"cpu": "39m"}}}]}}}}'
kubectl -n pay rollout status deployment payment-service --timeout=240s
