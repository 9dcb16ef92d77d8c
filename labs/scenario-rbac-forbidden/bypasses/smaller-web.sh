# variants: elsewhere
# caught-by: kept
kubectl -n production create rolebinding deployer --clusterrole=release --serviceaccount=ci:deployer
kubectl -n ci get configmap manifests -o yaml | sed 's/"replicas": 2/"replicas": 1/' | kubectl apply -f -
kubectl -n ci create job by-hand --from=cronjob/deploy
kubectl -n ci wait --for=condition=complete job/by-hand --timeout=60s
