# variants: closed
# caught-by: leaves
# The right port, and copies that are not ready get requests as well.
kubectl -n shop patch service web --type=json -p '[
  {"op": "replace", "path": "/spec/ports/0/targetPort", "value": 8080},
  {"op": "add", "path": "/spec/publishNotReadyAddresses", "value": true}]'
