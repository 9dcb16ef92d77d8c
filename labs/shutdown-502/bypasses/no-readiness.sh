# variants: abrupt
# caught-by: kept
kubectl -n shop patch deployment checkout --type=json -p '[
  {"op": "remove", "path": "/spec/template/spec/containers/0/readinessProbe"}]'
kubectl -n shop rollout status deployment checkout --timeout=60s
