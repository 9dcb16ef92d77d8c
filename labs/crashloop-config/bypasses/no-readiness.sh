# variants: port
# caught-by: kept, answers
kubectl -n shop patch deployment web --type=json -p '[
  {"op": "remove", "path": "/spec/template/spec/containers/0/readinessProbe"}]'
kubectl -n shop set env deployment/web PORT=9000
kubectl -n shop rollout status deployment web --timeout=60s
