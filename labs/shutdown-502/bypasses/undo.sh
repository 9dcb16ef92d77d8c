# variants: abrupt
# caught-by: reaches
kubectl -n shop rollout undo deployment checkout
kubectl -n shop rollout status deployment checkout --timeout=60s
