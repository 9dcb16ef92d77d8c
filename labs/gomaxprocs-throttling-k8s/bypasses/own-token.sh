# caught-by: instrumented, served
kubectl -n shop set env deployment/api GOMAXPROCS=1 ADMIN_TOKEN=mine
kubectl -n shop rollout status deployment api --timeout=60s
