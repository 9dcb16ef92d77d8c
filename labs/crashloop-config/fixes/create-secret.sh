# variants: account
# The waiting pods pick it up by themselves.
kubectl -n shop create secret generic web-account --from-literal=DEP_ADDR=http://shop:7d41f0@bank.shop.svc:8443
kubectl -n shop rollout status deployment web --timeout=60s
