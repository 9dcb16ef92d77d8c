# variants: closed
# caught-by: kept
kubectl -n shop patch service web --type=json -p '[
  {"op": "replace", "path": "/spec/ports/0/targetPort", "value": 8080}]'
kubectl -n shop scale deployment web --replicas=1
kubectl -n shop rollout status deployment web --timeout=60s
