# variants: key
# caught-by: follows
kubectl -n shop patch deployment web -p '{"spec": {"template": {"spec": {"containers": [{"name": "web", "env": [
  {"name": "DATABASE_URL", "value": "postgres://db.shop.svc:5432/web", "valueFrom": null}]}]}}}}'
kubectl -n shop rollout status deployment web --timeout=60s
