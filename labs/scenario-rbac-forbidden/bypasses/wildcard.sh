# variants: unlabelled
# caught-by: rights
kubectl -n production create role releases --verb='*' --resource=deployments.apps
kubectl -n production create rolebinding releases --role=releases --serviceaccount=ci:deployer
kubectl -n ci create job by-hand --from=cronjob/deploy
kubectl -n ci wait --for=condition=complete job/by-hand --timeout=60s
