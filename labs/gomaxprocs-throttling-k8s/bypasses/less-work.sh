# caught-by: same-work
kubectl -n shop set env deployment/api GOMAXPROCS=1 WORK_MS=5
kubectl -n shop rollout status deployment api --timeout=60s
