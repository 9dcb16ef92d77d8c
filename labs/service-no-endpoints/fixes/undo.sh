# variants: waiting
# There is nothing to go back from until the newest revision has its pods.
kubectl -n shop wait deployment web --for=jsonpath='{.status.unavailableReplicas}'=3 --timeout=60s
kubectl -n shop wait deployment web --for=jsonpath='{.status.updatedReplicas}'=3 --timeout=60s
kubectl -n shop rollout undo deployment web
kubectl -n shop rollout status deployment web --timeout=120s
