# variants: waiting
# caught-by: kept
kubectl -n shop patch deployment web --type=json -p '[
  {"op": "remove", "path": "/spec/template/spec/containers/0/readinessProbe"}]'
kubectl -n shop rollout status deployment web --timeout=120s
