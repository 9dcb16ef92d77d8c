# variants: program
# caught-by: instrumented, answers
kubectl -n shop patch deployment web -p '{"spec": {"template": {"spec": {"containers": [{"name": "web",
  "command": ["/app"], "args": ["dep"], "readinessProbe": {"httpGet": {"path": "/livez"}}}]}}}}'
kubectl -n shop rollout status deployment web --timeout=60s
