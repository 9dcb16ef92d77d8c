# variants: waiting
# caught-by: leaves
# Green again: a probe that a copy passes as long as it lives.
kubectl -n shop patch deployment web --type=json -p '[
  {"op": "replace", "path": "/spec/template/spec/containers/0/readinessProbe/httpGet/path", "value": "/livez"}]'
kubectl -n shop rollout status deployment web --timeout=120s
