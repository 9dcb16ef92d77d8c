# variants: absolute
# caught-by: on-workers
# A fourth copy on the one node that is not drained gives the budget room, until that node's turn comes as well.
kubectl -n shop get deployment checkout -o json |
  jq '{apiVersion: "v1", kind: "Pod", metadata: {name: "checkout-spare", labels: {app: "checkout"}}, spec: (.spec.template.spec + {
    nodeSelector: {"node-role.kubernetes.io/control-plane": ""}, tolerations: [{operator: "Exists"}]})}' |
  kubectl -n shop apply -f -
kubectl -n shop wait pod checkout-spare --for=condition=Ready --timeout=60s
kubectl -n shop wait pdb checkout --for=jsonpath='{.status.disruptionsAllowed}'=1 --timeout=30s
