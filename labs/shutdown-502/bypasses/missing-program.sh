# variants: prompt
# caught-by: reaches
kubectl -n shop patch deployment checkout --patch '{"spec": {"template": {"spec": {"containers": [{
  "name": "checkout", "lifecycle": {"preStop": {"exec": {"command": ["sleep", "10"]}}}}]}}}}'
kubectl -n shop rollout status deployment checkout --timeout=60s
