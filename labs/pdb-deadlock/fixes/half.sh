# Half of three is rounded up: two stay.
kubectl -n shop patch pdb checkout --type=merge -p '{"spec": {"minAvailable": "50%"}}'
