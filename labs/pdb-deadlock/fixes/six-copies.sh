# variants: percent
# More copies, and two of them may be away.
kubectl -n shop scale deployment checkout --replicas=6
kubectl -n shop patch pdb checkout --type=merge -p '{"spec": {"minAvailable": 4}}'
kubectl -n shop rollout status deployment checkout --timeout=60s
