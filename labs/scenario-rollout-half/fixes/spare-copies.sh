# Five copies more than are needed at noon, and a release takes five away: none beside them. v1's template with the new version in it.
kubectl -n pay rollout undo deployment payment-service
kubectl -n pay rollout status deployment payment-service --timeout=240s
kubectl -n pay patch deployment payment-service -p '{"spec": {
  "replicas": 25, "strategy": {"rollingUpdate": {"maxSurge": 0, "maxUnavailable": "20%"}},
  "template": {"spec": {"containers": [{"name": "payment-service", "env": [{"name": "VERSION", "value": "v2"}], "resources": {"requests": {"cpu": "25m"}}}]}}}}'
kubectl -n pay rollout status deployment payment-service --timeout=240s
