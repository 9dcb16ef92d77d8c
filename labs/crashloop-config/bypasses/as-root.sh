# variants: folder
# caught-by: confined
kubectl -n shop patch deployment web --type=json -p '[
  {"op": "replace", "path": "/spec/template/spec/securityContext", "value": {}},
  {"op": "replace", "path": "/spec/template/spec/containers/0/securityContext", "value": {"runAsUser": 0}}]'
kubectl -n shop rollout status deployment web --timeout=60s
