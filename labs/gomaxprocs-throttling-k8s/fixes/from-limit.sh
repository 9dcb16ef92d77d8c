# As many threads as the limit has whole CPUs, whatever it is.
kubectl -n shop patch deployment api --type=json -p '[
  {"op": "replace", "path": "/spec/template/spec/containers/0/env/2", "value":
    {"name": "GOMAXPROCS", "valueFrom": {"resourceFieldRef": {"resource": "limits.cpu"}}}}]'
kubectl -n shop rollout status deployment api --timeout=60s
