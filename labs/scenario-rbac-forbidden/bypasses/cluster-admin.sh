# variants: elsewhere
# caught-by: rights
kubectl create clusterrolebinding deployer-admin --clusterrole=cluster-admin --serviceaccount=ci:deployer
kubectl -n ci create job by-hand --from=cronjob/deploy
kubectl -n ci wait --for=condition=complete job/by-hand --timeout=60s
