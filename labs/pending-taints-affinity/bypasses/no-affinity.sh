# caught-by: orders-wait
kubectl -n shop patch deployment orders -p '{"spec": {"template": {"spec": {"affinity": null}}}}'
kubectl -n shop patch deployment node-watch -p '{"spec": {"template": {"spec": {"tolerations": [{"key": "dedicated", "operator": "Exists"}]}}}}'
kubectl -n shop rollout status deployment orders --timeout=60s
kubectl -n shop rollout status deployment node-watch --timeout=60s
