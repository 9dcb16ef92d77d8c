# caught-by: honest
kubectl -n shop patch deployment payments --type=json -p '[
  {"op": "replace", "path": "/spec/template/spec/containers/0/livenessProbe/httpGet/path", "value": "/livez"}]'
kubectl -n shop set env deployment/payments DEP_ADDR=http://nowhere
kubectl -n shop rollout status deployment payments --timeout=120s
