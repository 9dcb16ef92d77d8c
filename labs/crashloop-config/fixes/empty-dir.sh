# variants: folder
kubectl -n shop patch deployment web -p '{"spec": {"template": {"spec": {
  "volumes": [{"name": "files", "emptyDir": {"sizeLimit": "32Mi"}}],
  "containers": [{"name": "web", "volumeMounts": [{"name": "files", "mountPath": "/data"}]}]}}}}'
kubectl -n shop rollout status deployment web --timeout=60s
