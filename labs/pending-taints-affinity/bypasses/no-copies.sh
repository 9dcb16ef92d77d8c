# caught-by: kept, orders-run
kubectl -n shop scale deployment orders --replicas=0
kubectl -n shop patch deployment node-watch -p '{"spec": {"template": {"spec": {"tolerations": [{"key": "dedicated", "operator": "Exists"}]}}}}'
kubectl -n shop rollout status deployment node-watch --timeout=60s
