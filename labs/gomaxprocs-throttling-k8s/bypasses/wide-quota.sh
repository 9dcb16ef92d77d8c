# caught-by: kept
kubectl -n shop patch resourcequota team-cpu --patch '{"spec": {"hard": {"limits.cpu": "8"}}}'
kubectl -n shop set resources deployment api --limits=cpu=4
kubectl -n shop rollout status deployment api --timeout=60s
kubectl -n shop rollout status deployment api --timeout=60s
