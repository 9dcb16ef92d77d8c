# A wish on top of the condition: rack b where it can be had, production always.
kubectl -n shop patch deployment orders -p '{"spec": {"template": {"spec": {"affinity": {"nodeAffinity": {
  "requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": [
    {"matchExpressions": [{"key": "env", "operator": "In", "values": ["prod"]}]}]},
  "preferredDuringSchedulingIgnoredDuringExecution": [{"weight": 50, "preference":
    {"matchExpressions": [{"key": "rack", "operator": "In", "values": ["b"]}]}}]}}}}}}'
kubectl -n shop patch deployment node-watch -p '{"spec": {"template": {"spec": {
  "tolerations": [{"key": "dedicated", "operator": "Exists"}]}}}}'
kubectl -n shop rollout status deployment orders --timeout=60s
kubectl -n shop rollout status deployment node-watch --timeout=60s
