# variants: abrupt
# caught-by: finishes
kubectl -n shop patch deployment checkout --patch '{"spec": {"template": {"spec": {
  "terminationGracePeriodSeconds": 12,
  "containers": [{"name": "checkout", "env": [{"name": "SIGTERM", "value": "ignore"}]}]}}}}'
kubectl -n shop rollout status deployment checkout --timeout=60s
