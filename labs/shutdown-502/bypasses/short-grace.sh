# variants: prompt
# caught-by: finishes
kubectl -n shop patch deployment checkout --patch '{"spec": {"template": {"spec": {"terminationGracePeriodSeconds": 10, "containers": [{
  "name": "checkout", "lifecycle": {"preStop": {"sleep": {"seconds": 10}}}}]}}}}'
kubectl -n shop rollout status deployment checkout --timeout=60s
