# variants: prompt
# caught-by: rolls
kubectl -n shop patch deployment checkout --patch '{"spec": {"template": {"spec": {
  "terminationGracePeriodSeconds": 3600,
  "containers": [{"name": "checkout", "lifecycle": {"preStop": {"sleep": {"seconds": 300}}}}]}}}}'
kubectl -n shop rollout status deployment checkout --timeout=60s
