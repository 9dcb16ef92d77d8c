# variants: default
# caught-by: kept
kubectl -n shop patch limitrange defaults --type=json -p '[
  {"op": "replace", "path": "/spec/limits/0/default/memory", "value": "104Mi"}]'
kubectl -n shop rollout restart deployment search
kubectl -n shop rollout status deployment search --timeout=60s
