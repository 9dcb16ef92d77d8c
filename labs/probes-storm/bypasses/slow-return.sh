# caught-by: recovers
kubectl -n shop patch deployment payments --type=json -p '[
  {"op": "add", "path": "/spec/strategy", "value": {"rollingUpdate": {"maxSurge": "100%", "maxUnavailable": "100%"}}},
  {"op": "replace", "path": "/spec/template/spec/containers/0/livenessProbe/httpGet/path", "value": "/livez"},
  {"op": "replace", "path": "/spec/template/spec/containers/0/readinessProbe", "value": {
    "httpGet": {"path": "/readyz", "port": "http"}, "periodSeconds": 5, "failureThreshold": 1, "successThreshold": 6}}]'
kubectl -n shop rollout status deployment payments --timeout=200s
