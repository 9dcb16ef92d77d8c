# variants: waiting
# The binary in the image asks the local endpoint.
kubectl -n shop patch deployment web --type=json -p '[
  {"op": "replace", "path": "/spec/template/spec/containers/0/readinessProbe", "value": {
    "exec": {"command": ["/app", "probe", "http://127.0.0.1:8080/readyz"]},
    "periodSeconds": 2, "timeoutSeconds": 2, "failureThreshold": 2}}]'
kubectl -n shop rollout status deployment web --timeout=120s
