# variants: unlisted
# caught-by: policy
# The list of who may becomes a list of who may not.
kubectl patch validatingadmissionpolicy prod-deployers --type=json -p '[
  {"op": "replace", "path": "/spec/validations/0/expression", "value":
    "!(request.userInfo.username in [\"system:serviceaccount:ci:janitor\", \"system:serviceaccount:ci:reports\"])"}]'
until kubectl -n production annotate deployment web tried=yes --as=system:serviceaccount:ci:deployer --dry-run=server >/dev/null 2>&1; do :; done
kubectl -n ci create job by-hand --from=cronjob/deploy
kubectl -n ci wait --for=condition=complete job/by-hand --timeout=60s
