# variants: elsewhere
# caught-by: creates, not-in-ci
# What is there may be changed; what it brings anew may only be created, never changed again.
kubectl -n production create role releases --verb=create --resource=deployments.apps
kubectl -n production create role changes --verb=get,patch --resource=deployments.apps --resource-name=web
kubectl -n production create rolebinding releases --role=releases --serviceaccount=ci:deployer
kubectl -n production create rolebinding changes --role=changes --serviceaccount=ci:deployer
kubectl -n ci create job by-hand --from=cronjob/deploy
kubectl -n ci wait --for=condition=complete job/by-hand --timeout=60s
