# One thread for one CPU.
kubectl -n shop set env deployment/api GOMAXPROCS=1
kubectl -n shop rollout status deployment api --timeout=60s
