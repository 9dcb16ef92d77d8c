# variants: waiting
# caught-by: listed
kubectl -n shop patch service web --type=merge -p '{"spec": {"publishNotReadyAddresses": true}}'
kubectl -n shop wait deployment web --for=jsonpath='{.status.unavailableReplicas}'=3 --timeout=60s
kubectl -n shop wait deployment web --for=jsonpath='{.status.updatedReplicas}'=3 --timeout=60s
# Only the newest: pods that have ended may stand beside them for a moment.
hash=$(kubectl -n shop get replicasets -l app=web --sort-by=.metadata.creationTimestamp -o jsonpath='{.items[-1:].metadata.labels.pod-template-hash}')
kubectl -n shop wait pods -l "pod-template-hash=$hash" --for=jsonpath='{.status.containerStatuses[0].started}'=true --timeout=60s
