# variants: prompt
# caught-by: finishes
kubectl -n shop patch deployment checkout --patch '{"spec": {"template": {"spec": {"containers": [{
  "name": "checkout",
  "env": [{"name": "SHUTDOWN_TIMEOUT", "value": "100ms"}],
  "lifecycle": {"preStop": {"sleep": {"seconds": 10}}}}]}}}}'
kubectl -n shop rollout status deployment checkout --timeout=60s
