# variants: abrupt
# caught-by: rolls
# Once the last release is out; there is none after it.
kubectl -n shop rollout status deployment checkout --timeout=60s
kubectl -n shop rollout pause deployment checkout
