# variants: abrupt
# caught-by: reaches
kubectl -n shop set env deployment/checkout SIGTERM-
kubectl -n shop rollout status deployment checkout --timeout=60s
