# caught-by: unthrottled
# One worker a request: fine as long as no two requests come together.
kubectl -n shop set env deployment/api FANOUT=1
kubectl -n shop rollout status deployment api --timeout=60s
