# variants: port
# caught-by: documented
# Clients of the Service do not notice. Everybody else does.
kubectl -n shop set env deployment/web PORT=9000
kubectl -n shop patch deployment web --type=json -p '[
  {"op": "replace", "path": "/spec/template/spec/containers/0/ports/0/containerPort", "value": 9000}]'
kubectl -n shop rollout status deployment web --timeout=60s
