# variants: indoors, unlabelled
# A role of the namespace's own, bound there; nothing of what was there before is touched.
kubectl -n production create role releases --verb=get,create,patch --resource=deployments.apps
kubectl -n production create rolebinding releases --role=releases --serviceaccount=ci:deployer
