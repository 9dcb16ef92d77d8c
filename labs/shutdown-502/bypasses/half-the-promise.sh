# caught-by: promised
# Five seconds, as most examples say: enough on most days, and half of what the platform promises.
kubectl -n shop patch deployment checkout --patch '{"spec": {"template": {"spec": {"containers": [{
  "name": "checkout",
  "env": [{"name": "SIGTERM", "value": "graceful"}],
  "lifecycle": {"preStop": {"sleep": {"seconds": 5}}}}]}}}}'
kubectl -n shop rollout status deployment checkout --timeout=60s
