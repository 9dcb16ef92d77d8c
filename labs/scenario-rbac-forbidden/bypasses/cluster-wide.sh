# variants: indoors
# caught-by: rights
kubectl create clusterrolebinding deployer --clusterrole=release --serviceaccount=ci:deployer
kubectl -n ci create job by-hand --from=cronjob/deploy
kubectl -n ci wait --for=condition=complete job/by-hand --timeout=60s
