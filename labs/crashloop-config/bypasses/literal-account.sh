# variants: account
# caught-by: follows
kubectl -n shop patch deployment web --type=json -p '[{"op": "remove", "path": "/spec/template/spec/containers/0/envFrom"}]'
kubectl -n shop set env deployment/web DEP_ADDR=http://shop:7d41f0@bank.shop.svc:8443
kubectl -n shop rollout status deployment web --timeout=60s
