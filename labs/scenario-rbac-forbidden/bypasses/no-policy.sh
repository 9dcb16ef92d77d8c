# variants: unlisted
# caught-by: policy
kubectl delete validatingadmissionpolicybinding prod-deployers
until kubectl -n production annotate deployment web tried=yes --as=system:serviceaccount:ci:deployer --dry-run=server >/dev/null 2>&1; do :; done
kubectl -n ci create job by-hand --from=cronjob/deploy
kubectl -n ci wait --for=condition=complete job/by-hand --timeout=60s
