# variants: unlabelled
# caught-by: rights
# Not everything, but more than it needs.
kubectl -n production create role releases --verb=get,create,patch --resource=deployments.apps
kubectl -n production create role releases-more --verb=list,watch --resource=secrets
kubectl -n production create rolebinding releases --role=releases --serviceaccount=ci:deployer
kubectl -n production create rolebinding releases-more --role=releases-more --serviceaccount=ci:deployer
kubectl -n ci create job by-hand --from=cronjob/deploy
kubectl -n ci wait --for=condition=complete job/by-hand --timeout=60s
