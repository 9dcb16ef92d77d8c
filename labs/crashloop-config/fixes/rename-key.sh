# variants: key
# The ConfigMap gets the key that is asked for; the waiting pods heal in place.
kubectl -n shop create configmap web-config --from-literal=DATABASE_URL=postgres://db.shop.svc:5432/web --dry-run=client -o yaml |
  kubectl replace -f -
kubectl -n shop rollout status deployment web --timeout=60s
