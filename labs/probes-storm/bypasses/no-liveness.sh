# caught-by: kept
kubectl -n shop patch deployment payments --type=json -p '[
  {"op": "remove", "path": "/spec/template/spec/containers/0/livenessProbe"}]'
kubectl -n shop rollout status deployment payments --timeout=120s
