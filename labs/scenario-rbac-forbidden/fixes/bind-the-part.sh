# variants: unlabelled
# The part that has the rules is bound itself.
kubectl -n production create rolebinding deployments --clusterrole=release-deployments --serviceaccount=ci:deployer
