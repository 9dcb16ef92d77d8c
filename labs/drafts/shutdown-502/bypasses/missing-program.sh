# caught-by: reaches
kubectl -n shop patch deployment checkout --patch '{"spec": {"template": {"spec": {"containers": [{
  "name": "checkout",
  "lifecycle": {"preStop": {"exec": {"command": ["sleep", "5"]}}},
  "env": [{"name": "SIGTERM", "value": "graceful"}]}]}}}}'
kubectl -n shop rollout status deployment checkout --timeout=60s
