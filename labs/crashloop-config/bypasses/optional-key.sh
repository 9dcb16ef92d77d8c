# variants: key
# caught-by: documented
kubectl -n shop patch deployment web -p '{"spec": {"template": {"spec": {"containers": [{"name": "web", "env": [
  {"name": "DATABASE_URL", "valueFrom": {"configMapKeyRef": {"name": "web-config", "key": "DATABASE_URL", "optional": true}}}]}]}}}}'
kubectl -n shop rollout status deployment web --timeout=60s
