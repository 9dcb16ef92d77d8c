# caught-by: watch-waits
kubectl -n shop patch deployment orders -p '{"spec": {"template": {"spec": {"affinity": null, "nodeSelector": {"env": "prod"}}}}}'
node=$(kubectl get nodes -l pool=monitoring -o jsonpath={.items[0].metadata.name})
kubectl -n shop patch deployment node-watch -p "{\"spec\": {\"template\": {\"spec\": {\"nodeName\": \"$node\"}}}}"
kubectl -n shop rollout status deployment orders --timeout=60s
kubectl -n shop rollout status deployment node-watch --timeout=60s
