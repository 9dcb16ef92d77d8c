# caught-by: stage-intact
kubectl -n outside scale deployment clients --replicas=0
kubectl -n outside wait --for=delete pod -l app=clients --timeout=30s
