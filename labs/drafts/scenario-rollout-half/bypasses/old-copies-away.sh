# caught-by: complete
old=$(kubectl -n pay get replicasets -o json | jq -r '.items | sort_by(.metadata.annotations["deployment.kubernetes.io/revision"] | tonumber) | .[0].metadata.name')
kubectl -n pay scale replicaset "$old" --replicas=0
kubectl -n pay wait deployment payment-service --for=jsonpath='{.status.replicas}'=12 --timeout=120s
