# The budget says how many may be away, whatever the number of copies; it cannot have both fields.
kubectl -n shop patch pdb checkout --type=merge -p '{"spec": {"minAvailable": null, "maxUnavailable": 1}}'
