# variants: indoors
# caught-by: rights
# The binding is right, and names an account of another namespace as well.
kubectl -n production create rolebinding deployer --clusterrole=release --serviceaccount=ci:deployer --serviceaccount=default:default
kubectl -n ci delete rolebinding deployer
kubectl -n ci create job by-hand --from=cronjob/deploy
kubectl -n ci wait --for=condition=complete job/by-hand --timeout=60s
