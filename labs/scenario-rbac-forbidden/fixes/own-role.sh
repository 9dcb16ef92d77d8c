# variants: indoors, unlabelled
# A role of the namespace's own, bound there.
kubectl -n production create role releases --verb=get,create,patch --resource=deployments.apps
kubectl -n production create rolebinding releases --role=releases --serviceaccount=ci:deployer
kubectl -n ci delete rolebinding deployer --ignore-not-found
