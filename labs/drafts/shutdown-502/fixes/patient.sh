# variants: prompt
# With patience everywhere: one copy at a time, a look at each, and more time to end.
kubectl -n shop patch deployment checkout --patch '{"spec": {
  "minReadySeconds": 2,
  "strategy": {"rollingUpdate": {"maxSurge": 2, "maxUnavailable": 1}},
  "template": {"spec": {
    "terminationGracePeriodSeconds": 60,
    "containers": [{"name": "checkout", "env": [{"name": "DRAIN_DELAY", "value": "4s"}, {"name": "SHUTDOWN_TIMEOUT", "value": "40s"}],
      "lifecycle": {"preStop": {"sleep": {"seconds": 4}}}}]}}}}'
kubectl -n shop rollout status deployment checkout --timeout=60s
