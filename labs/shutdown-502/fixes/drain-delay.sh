# variants: abrupt
# The service waits by itself, and tells kept connections that it goes.
kubectl -n shop set env deployment/checkout SIGTERM- DRAIN_DELAY=10s
kubectl -n shop rollout status deployment checkout --timeout=60s
