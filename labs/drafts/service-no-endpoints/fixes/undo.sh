# variants: waiting
kubectl -n shop wait deployment web --for=jsonpath='{.status.updatedReplicas}'=3 --timeout=60s
kubectl -n shop rollout undo deployment web
kubectl -n shop rollout status deployment web --timeout=120s
