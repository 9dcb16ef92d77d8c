# variants: indoors
# caught-by: rights
kubectl -n production create rolebinding deployer --clusterrole=edit --serviceaccount=ci:deployer
kubectl -n ci create job by-hand --from=cronjob/deploy
kubectl -n ci wait --for=condition=complete job/by-hand --timeout=60s
