# caught-by: nodes-kept
kubectl taint nodes -l pool=monitoring dedicated-
kubectl -n shop patch deployment orders -p '{"spec": {"template": {"spec": {"affinity": null, "nodeSelector": {"env": "prod"}}}}}'
kubectl -n shop rollout status deployment orders --timeout=60s
kubectl -n shop rollout status deployment node-watch --timeout=60s
