# variants: indoors
# caught-by: not-in-ci
# What is right is added, and what is too much stays.
kubectl -n production create rolebinding deployer --clusterrole=release --serviceaccount=ci:deployer
kubectl -n ci create job by-hand --from=cronjob/deploy
kubectl -n ci wait --for=condition=complete job/by-hand --timeout=60s
