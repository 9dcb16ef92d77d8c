# variants: waiting
# caught-by: listed
kubectl -n shop patch service web --type=merge -p '{"spec": {"publishNotReadyAddresses": true}}'
kubectl -n shop wait deployment web --for=jsonpath='{.status.unavailableReplicas}'=3 --timeout=60s
kubectl -n shop wait deployment web --for=jsonpath='{.status.updatedReplicas}'=3 --timeout=60s
kubectl -n shop wait pods -l app=web --for=jsonpath='{.status.containerStatuses[0].started}'=true --timeout=60s
