# variants: scratch
# caught-by: own-files
# Files on the node count against no limit, and stay there when the pod is gone.
kubectl -n shop patch deployment search -p '{"spec": {"template": {"spec": {"volumes": [{"name": "scratch",
  "emptyDir": null, "hostPath": {"path": "/var/tmp"}}]}}}}'
kubectl -n shop rollout status deployment search --timeout=60s
