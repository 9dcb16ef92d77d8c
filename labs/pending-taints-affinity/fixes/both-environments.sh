# One manifest for both environments; and a toleration of the key, whatever its value, with the wish as an affinity.
kubectl -n shop patch deployment orders --type=json -p '[
  {"op": "add", "value": "prod",
   "path": "/spec/template/spec/affinity/nodeAffinity/requiredDuringSchedulingIgnoredDuringExecution/nodeSelectorTerms/0/matchExpressions/0/values/-"}]'
kubectl -n shop patch deployment node-watch -p '{"spec": {"template": {"spec": {
  "nodeSelector": null,
  "affinity": {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": [
    {"matchExpressions": [{"key": "pool", "operator": "In", "values": ["monitoring"]}]}]}}},
  "tolerations": [{"key": "dedicated", "operator": "Exists", "effect": "NoSchedule"}]}}}}'
kubectl -n shop rollout status deployment orders --timeout=60s
kubectl -n shop rollout status deployment node-watch --timeout=60s
