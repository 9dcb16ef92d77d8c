# variants: percent
# caught-by: kept
kubectl -n shop patch pdb checkout --type=merge -p '{"spec": {"minAvailable": 0}}'
kubectl -n shop scale deployment checkout --replicas=1
kubectl -n shop rollout status deployment checkout --timeout=60s
