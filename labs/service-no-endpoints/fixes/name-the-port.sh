# variants: portless
# The container's port gets the name that the Service asks for.
kubectl -n shop patch deployment web --type=json -p '[
  {"op": "replace", "path": "/spec/template/spec/containers/0/ports/0/name", "value": "web"}]'
kubectl -n shop rollout status deployment web --timeout=120s
