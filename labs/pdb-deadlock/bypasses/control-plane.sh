# variants: absolute
# caught-by: on-workers
# The workers get empty, because checkout moves to the one node that is not upgraded.
kubectl -n shop patch deployment checkout --type=strategic -p '{"spec": {
  "strategy": {"rollingUpdate": {"maxSurge": "100%"}},
  "template": {"spec": {
    "nodeSelector": {"node-role.kubernetes.io/control-plane": ""},
    "tolerations": [{"key": "node-role.kubernetes.io/control-plane", "operator": "Exists", "effect": "NoSchedule"}]}}}}'
kubectl -n shop rollout status deployment checkout --timeout=120s
