# variants: empty
# caught-by: stage-intact, neighbour
# The same, and the pods that do not belong are sent away.
kubectl -n shop patch service web --type=json -p '[{"op": "remove", "path": "/spec/selector/app"}]'
kubectl -n shop scale deployment search --replicas=0
kubectl -n shop wait pods -l app=search --for=delete --timeout=60s
