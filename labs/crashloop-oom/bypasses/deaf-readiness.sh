# variants: garbage
# caught-by: withdrawn
# A probe that says yes whatever the service says.
kubectl -n shop patch deployment search -p '{"spec": {"template": {"spec": {"containers": [{"name": "search",
  "env": [{"name": "GOMEMLIMIT", "value": "76MiB"}],
  "readinessProbe": {"httpGet": null, "exec": {"command": ["/app", "version"]}}}]}}}}'
kubectl -n shop rollout status deployment search --timeout=60s
