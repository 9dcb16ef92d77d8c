# caught-by: orders-move
# Never two more in one rack than in the other: with one of them closed, the other is soon full.
kubectl -n shop patch deployment orders -p '{"spec": {"template": {"spec": {
  "affinity": null, "nodeSelector": {"env": "prod"},
  "topologySpreadConstraints": [{"maxSkew": 1, "topologyKey": "rack", "whenUnsatisfiable": "DoNotSchedule",
    "labelSelector": {"matchLabels": {"app": "orders"}}}]}}}}'
kubectl -n shop patch deployment node-watch -p '{"spec": {"template": {"spec": {"tolerations": [{"key": "dedicated", "operator": "Exists"}]}}}}'
kubectl -n shop rollout status deployment orders --timeout=60s
kubectl -n shop rollout status deployment node-watch --timeout=60s
