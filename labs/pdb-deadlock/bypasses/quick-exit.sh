# variants: absolute
# caught-by: no-loss
# Pods that go at once make a drain faster, and drop what they are working on.
kubectl -n shop patch deployment checkout --type=strategic -p '{"spec": {
  "strategy": {"rollingUpdate": {"maxSurge": "100%"}}}}'
kubectl -n shop set env deployment checkout DRAIN_DELAY=0s SIGTERM=immediate
kubectl -n shop rollout status deployment checkout --timeout=120s
kubectl -n shop patch pdb checkout --type=merge -p '{"spec": {"minAvailable": 2}}'
kubectl -n shop wait pdb checkout --for=jsonpath='{.status.disruptionsAllowed}'=1 --timeout=30s
