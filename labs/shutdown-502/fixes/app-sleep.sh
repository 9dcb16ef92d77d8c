# variants: prompt
# The same wait by the program that is in the image.
kubectl -n shop patch deployment checkout --patch '{"spec": {"template": {"spec": {"containers": [{
  "name": "checkout", "lifecycle": {"preStop": {"exec": {"command": ["/app", "sleep", "10"]}}}}]}}}}'
kubectl -n shop rollout status deployment checkout --timeout=60s
