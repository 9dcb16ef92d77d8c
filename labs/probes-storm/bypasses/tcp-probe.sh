# caught-by: unstuck
kubectl -n shop patch deployment payments --type=json -p '[
  {"op": "replace", "path": "/spec/template/spec/containers/0/livenessProbe", "value": {
    "tcpSocket": {"port": "http"}, "periodSeconds": 5, "failureThreshold": 2}}]'
kubectl -n shop rollout status deployment payments --timeout=120s
