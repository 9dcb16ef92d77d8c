# caught-by: full
kubectl -n pay patch deployment payment-service -p '{"spec": {
  "strategy": {"rollingUpdate": {"maxUnavailable": "25%"}},
  "template": {"spec": {"containers": [{"name": "payment-service", "resources": {"requests": {"cpu": "10m"}}}]}}}}'
kubectl -n pay rollout status deployment payment-service --timeout=240s
