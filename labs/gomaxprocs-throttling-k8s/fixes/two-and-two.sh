# The whole quota, and as many threads.
kubectl -n shop patch deployment api --patch '{"spec": {"template": {"spec": {"containers": [{
  "name": "api", "resources": {"limits": {"cpu": "2"}}, "env": [{"name": "GOMAXPROCS", "value": "2"}]}]}}}}'
kubectl -n shop rollout status deployment api --timeout=60s
