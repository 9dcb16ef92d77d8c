# caught-by: watch-waits
# Where not to. Of the nodes of today only the one for monitoring is left.
kubectl -n shop patch deployment orders -p '{"spec": {"template": {"spec": {"affinity": null, "nodeSelector": {"env": "prod"}}}}}'
kubectl -n shop patch deployment node-watch -p '{"spec": {"template": {"spec": {
  "nodeSelector": null,
  "affinity": {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": [{"matchExpressions": [
    {"key": "env", "operator": "DoesNotExist"},
    {"key": "node-role.kubernetes.io/control-plane", "operator": "DoesNotExist"}]}]}}},
  "tolerations": [{"key": "dedicated", "operator": "Exists"}]}}}}'
kubectl -n shop rollout status deployment orders --timeout=60s
kubectl -n shop rollout status deployment node-watch --timeout=60s
