# caught-by: complete
# Once it has come to rest. The quota then has room for two copies of v2 more, and that is all that comes.
kubectl -n pay wait deployment payment-service --for=jsonpath='{.status.updatedReplicas}'=10 --timeout=240s
old=$(kubectl -n pay get replicasets -o json | jq -r '.items | sort_by(.metadata.annotations["deployment.kubernetes.io/revision"] | tonumber) | .[0].metadata.name')
kubectl -n pay scale replicaset "$old" --replicas=0
kubectl -n pay wait replicaset "$old" --for=jsonpath='{.status.replicas}'=0 --timeout=60s
