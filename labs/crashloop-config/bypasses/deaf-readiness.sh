# variants: port
# caught-by: withdrawn
# A probe that says yes whatever the service says.
kubectl -n shop patch deployment web -p '{"spec": {"template": {"spec": {"containers": [{"name": "web",
  "env": [{"name": "PORT", "value": "8080"}],
  "readinessProbe": {"httpGet": null, "exec": {"command": ["/app", "version"]}}}]}}}}'
kubectl -n shop rollout status deployment web --timeout=60s
