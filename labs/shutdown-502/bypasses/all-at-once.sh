# variants: prompt
# caught-by: reaches
kubectl -n shop patch deployment checkout --type=json -p '[
  {"op": "replace", "path": "/spec/strategy", "value": {"type": "Recreate"}},
  {"op": "add", "path": "/spec/template/spec/containers/0/lifecycle", "value": {"preStop": {"sleep": {"seconds": 2}}}}]'
kubectl -n shop rollout status deployment checkout --timeout=60s
