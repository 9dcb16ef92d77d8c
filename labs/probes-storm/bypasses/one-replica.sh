# caught-by: kept
kubectl -n shop patch deployment payments --type=json -p '[
  {"op": "replace", "path": "/spec/replicas", "value": 1},
  {"op": "replace", "path": "/spec/template/spec/containers/0/livenessProbe/httpGet/path", "value": "/livez"}]'
kubectl -n shop rollout status deployment payments --timeout=120s
