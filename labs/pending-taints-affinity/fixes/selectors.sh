# nodeSelectors for both, and a toleration without an effect: of every effect.
kubectl -n shop patch deployment orders -p '{"spec": {"template": {"spec": {"affinity": null, "nodeSelector": {"env": "prod"}}}}}'
kubectl -n shop patch deployment node-watch -p '{"spec": {"template": {"spec": {
  "tolerations": [{"key": "dedicated", "operator": "Equal", "value": "monitoring"}]}}}}'
kubectl -n shop rollout status deployment orders --timeout=60s
kubectl -n shop rollout status deployment node-watch --timeout=60s
