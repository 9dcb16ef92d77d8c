# caught-by: orders-move
node=$(kubectl get nodes -l rack=a -o jsonpath={.items[0].metadata.name})
kubectl -n shop patch deployment orders -p "{\"spec\": {\"template\": {\"spec\": {
  \"affinity\": null, \"nodeSelector\": {\"kubernetes.io/hostname\": \"$node\"}}}}}"
kubectl -n shop patch deployment node-watch -p '{"spec": {"template": {"spec": {"tolerations": [{"key": "dedicated", "operator": "Exists"}]}}}}'
kubectl -n shop rollout status deployment orders --timeout=60s
kubectl -n shop rollout status deployment node-watch --timeout=60s
