# variants: prompt
# caught-by: instrumented
kubectl -n shop set env deployment/checkout ADMIN_TOKEN- DRAIN_DELAY=10s
kubectl -n shop rollout status deployment checkout --timeout=60s
