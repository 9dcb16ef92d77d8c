# variants: unlabelled
# caught-by: creates
kubectl -n production create role releases --verb=get,patch --resource=deployments.apps
kubectl -n production create rolebinding releases --role=releases --serviceaccount=ci:deployer
kubectl -n ci create job by-hand --from=cronjob/deploy
kubectl -n ci wait --for=condition=complete job/by-hand --timeout=60s
