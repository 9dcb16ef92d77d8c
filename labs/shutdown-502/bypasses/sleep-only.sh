# variants: abrupt
# caught-by: finishes
kubectl -n shop patch deployment checkout --patch '{"spec": {"template": {"spec": {"containers": [{
  "name": "checkout", "lifecycle": {"preStop": {"sleep": {"seconds": 12}}}}]}}}}'
kubectl -n shop rollout status deployment checkout --timeout=60s
