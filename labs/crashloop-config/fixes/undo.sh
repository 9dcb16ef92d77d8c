# variants: program, folder
# Back to the revision that ran. Until the newest one has its pods there is nothing to go back from.
kubectl -n shop wait deployment web --for=jsonpath='{.status.unavailableReplicas}'=2 --timeout=60s
kubectl -n shop wait deployment web --for=jsonpath='{.status.updatedReplicas}'=2 --timeout=60s
kubectl -n shop rollout undo deployment web
kubectl -n shop rollout status deployment web --timeout=60s
