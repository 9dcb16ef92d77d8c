# caught-by: rolls
# Twenty copies of 42m fit, and not one more.
kubectl -n pay patch deployment payment-service -p '{"spec": {
  "strategy": {"type": "Recreate", "rollingUpdate": null},
  "template": {"spec": {"containers": [{"name": "payment-service", "resources": {"requests": {"cpu": "42m"}}}]}}}}'
kubectl -n pay rollout status deployment payment-service --timeout=240s
kubectl -n pay patch deployment payment-service -p '{"spec": {
  "strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": "25%", "maxUnavailable": 0}}}}'
