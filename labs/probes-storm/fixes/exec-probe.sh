# The binary in the image asks the local endpoint.
kubectl -n shop patch deployment payments --type=json -p '[
  {"op": "replace", "path": "/spec/template/spec/containers/0/livenessProbe", "value": {
    "exec": {"command": ["/app", "probe", "http://127.0.0.1:8080/livez"]},
    "periodSeconds": 5, "timeoutSeconds": 2, "failureThreshold": 3}}]'
kubectl -n shop rollout status deployment payments --timeout=120s
