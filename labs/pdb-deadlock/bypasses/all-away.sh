# variants: percent
# caught-by: two-up, refuses
kubectl -n shop patch pdb checkout --type=merge -p '{"spec": {"minAvailable": null, "maxUnavailable": "100%"}}'
kubectl -n shop wait pdb checkout --for=jsonpath='{.status.disruptionsAllowed}'=3 --timeout=30s
