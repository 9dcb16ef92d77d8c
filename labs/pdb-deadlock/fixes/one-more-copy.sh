# variants: absolute
# The budget stays, a fourth copy gives it room.
kubectl -n shop scale deployment checkout --replicas=4
kubectl -n shop rollout status deployment checkout --timeout=60s
