# variants: percent
# caught-by: nodes
# The drain was made by hand, and the node left as it was.
kubectl -n shop patch pdb checkout --type=merge -p '{"spec": {"minAvailable": 2}}'
kubectl -n shop wait pdb checkout --for=jsonpath='{.status.disruptionsAllowed}'=1 --timeout=30s
kubectl cordon "$(kubectl get nodes -l '!node-role.kubernetes.io/control-plane' -o jsonpath='{.items[0].metadata.name}')"
