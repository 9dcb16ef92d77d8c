# caught-by: orders-wait
# Where not to. Of the nodes of today only those for production are left.
kubectl -n shop patch deployment orders -p '{"spec": {"template": {"spec": {"affinity": {"nodeAffinity": {
  "requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": [{"matchExpressions": [
    {"key": "pool", "operator": "DoesNotExist"},
    {"key": "node-role.kubernetes.io/control-plane", "operator": "DoesNotExist"}]}]}}}}}}}'
kubectl -n shop patch deployment node-watch -p '{"spec": {"template": {"spec": {"tolerations": [{"key": "dedicated", "operator": "Exists"}]}}}}'
kubectl -n shop rollout status deployment orders --timeout=60s
kubectl -n shop rollout status deployment node-watch --timeout=60s
