# variants: key
# The Deployment asks for the key that is there.
kubectl -n shop patch deployment web -p '{"spec": {"template": {"spec": {"containers": [{"name": "web", "env": [
  {"name": "DATABASE_URL", "valueFrom": {"configMapKeyRef": {"name": "web-config", "key": "DB_URL"}}}]}]}}}}'
kubectl -n shop rollout status deployment web --timeout=60s
