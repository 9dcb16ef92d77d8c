# variants: percent
# caught-by: two-up
# A third of three copies, written as a percentage: rounded up to two that may be away.
kubectl -n shop patch pdb checkout --type=merge -p '{"spec": {"minAvailable": null, "maxUnavailable": "34%"}}'
kubectl -n shop wait pdb checkout --for=jsonpath='{.status.disruptionsAllowed}'=2 --timeout=30s
