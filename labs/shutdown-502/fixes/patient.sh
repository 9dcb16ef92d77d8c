# variants: prompt
# With patience everywhere: two copies at a time, a look at each, half of the wait here and half there, and more time to end.
kubectl -n shop patch deployment checkout --patch '{"spec": {
  "minReadySeconds": 2,
  "strategy": {"rollingUpdate": {"maxSurge": 2, "maxUnavailable": 1}},
  "template": {"spec": {
    "terminationGracePeriodSeconds": 60,
    "containers": [{"name": "checkout", "env": [{"name": "DRAIN_DELAY", "value": "5s"}, {"name": "SHUTDOWN_TIMEOUT", "value": "40s"}],
      "lifecycle": {"preStop": {"sleep": {"seconds": 5}}}}]}}}}'
kubectl -n shop rollout status deployment checkout --timeout=60s
