# variants: expired
kubectl -n ci create secret generic deploy-token --from-literal=token="$(kubectl -n ci create token deployer --duration=12h)" \
  --dry-run=client -o yaml | kubectl apply -f -
