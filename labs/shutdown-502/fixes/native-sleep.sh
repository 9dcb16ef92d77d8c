# variants: prompt
# The kubelet waits before it asks the process to end; the process ends its work then.
kubectl -n shop patch deployment checkout --patch '{"spec": {"template": {"spec": {"containers": [{
  "name": "checkout", "lifecycle": {"preStop": {"sleep": {"seconds": 10}}}}]}}}}'
kubectl -n shop rollout status deployment checkout --timeout=60s
