# variants: prompt
# caught-by: leaves
kubectl -n shop patch deployment checkout --type=json -p '[
  {"op": "replace", "path": "/spec/template/spec/containers/0/readinessProbe", "value": {"exec": {"command": ["/app", "version"]}, "periodSeconds": 1}},
  {"op": "add", "path": "/spec/template/spec/containers/0/lifecycle", "value": {"preStop": {"sleep": {"seconds": 10}}}}]'
kubectl -n shop rollout status deployment checkout --timeout=60s
