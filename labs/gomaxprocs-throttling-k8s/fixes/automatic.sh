# The process reads its own limit.
kubectl -n shop set env deployment/api GOMAXPROCS- AUTOMAXPROCS=1
kubectl -n shop rollout status deployment api --timeout=60s
