# caught-by: full, answered
kubectl -n pay patch deployment payment-service -p '{"spec": {
  "strategy": {"type": "Recreate", "rollingUpdate": null},
  "template": {"spec": {"containers": [{"name": "payment-service", "resources": {"requests": {"cpu": "30m"}}}]}}}}'
kubectl -n pay rollout status deployment payment-service --timeout=240s
