# caught-by: unstuck
kubectl -n shop patch deployment payments --type=json -p '[
  {"op": "replace", "path": "/spec/template/spec/containers/0/livenessProbe/failureThreshold", "value": 30}]'
kubectl -n shop rollout status deployment payments --timeout=120s
