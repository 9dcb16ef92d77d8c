# variants: abrupt
# caught-by: rolls
kubectl -n shop rollout pause deployment checkout
