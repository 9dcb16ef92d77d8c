# variants: elsewhere
# caught-by: rights
kubectl patch clusterrolebinding deployer --type=json -p '[{"op": "replace", "path": "/subjects/0/namespace", "value": "ci"}]'
kubectl -n ci create job by-hand --from=cronjob/deploy
kubectl -n ci wait --for=condition=complete job/by-hand --timeout=60s
