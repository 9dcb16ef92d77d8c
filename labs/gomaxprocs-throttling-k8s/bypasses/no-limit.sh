# caught-by: kept
kubectl -n shop patch deployment api --type=json -p '[
  {"op": "remove", "path": "/spec/template/spec/containers/0/resources/limits/cpu"}]'
kubectl -n shop delete resourcequota team-cpu
kubectl -n shop rollout status deployment api --timeout=60s
