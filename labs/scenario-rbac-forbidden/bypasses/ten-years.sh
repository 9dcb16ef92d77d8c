# variants: expired
# caught-by: expiring
kubectl -n ci create secret generic deploy-token --from-literal=token="$(kubectl -n ci create token deployer --duration=87600h)" \
  --dry-run=client -o yaml | kubectl apply -f -
kubectl -n ci create job by-hand --from=cronjob/deploy
kubectl -n ci wait --for=condition=complete job/by-hand --timeout=60s
