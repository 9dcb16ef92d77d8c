# Close to what was measured, and fewer copies at a time.
kubectl -n pay patch deployment payment-service -p '{"spec": {
  "strategy": {"rollingUpdate": {"maxSurge": 4}},
  "template": {"spec": {"containers": [{"name": "payment-service", "resources": {"requests": {"cpu": "12m"}}}]}}}}'
kubectl -n pay rollout status deployment payment-service --timeout=240s
