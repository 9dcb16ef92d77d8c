# variants: percent
# caught-by: drains
# The budget has room, and the pods have only one node to go to.
node=$(kubectl get nodes -l '!node-role.kubernetes.io/control-plane' -o jsonpath='{.items[0].metadata.name}')
kubectl -n shop patch deployment checkout --type=strategic -p "{\"spec\": {
  \"strategy\": {\"rollingUpdate\": {\"maxSurge\": \"100%\"}},
  \"template\": {\"spec\": {\"nodeSelector\": {\"kubernetes.io/hostname\": \"$node\"}}}}}"
kubectl -n shop rollout status deployment checkout --timeout=120s
kubectl -n shop patch pdb checkout --type=merge -p '{"spec": {"minAvailable": 2}}'
kubectl -n shop wait pdb checkout --for=jsonpath='{.status.disruptionsAllowed}'=1 --timeout=30s
