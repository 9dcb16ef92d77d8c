# caught-by: orders-wait
# The same by the names of today's other nodes.
others=$(kubectl get nodes -l '!env' -o jsonpath='{range .items[*]}"{.metadata.name}",{end}')
kubectl -n shop patch deployment orders -p "{\"spec\": {\"template\": {\"spec\": {\"affinity\": {\"nodeAffinity\": {
  \"requiredDuringSchedulingIgnoredDuringExecution\": {\"nodeSelectorTerms\": [{\"matchExpressions\": [
    {\"key\": \"kubernetes.io/hostname\", \"operator\": \"NotIn\", \"values\": [${others%,}]}]}]}}}}}}}"
kubectl -n shop patch deployment node-watch -p '{"spec": {"template": {"spec": {"tolerations": [{"key": "dedicated", "operator": "Exists"}]}}}}'
kubectl -n shop rollout status deployment orders --timeout=60s
kubectl -n shop rollout status deployment node-watch --timeout=60s
