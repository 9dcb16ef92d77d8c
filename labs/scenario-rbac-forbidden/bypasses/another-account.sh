# variants: indoors
# caught-by: rights
kubectl -n ci create serviceaccount releaser
kubectl -n production create rolebinding releaser --clusterrole=release --serviceaccount=ci:releaser
kubectl patch validatingadmissionpolicy prod-deployers --type=json -p '[
  {"op": "replace", "path": "/spec/validations/0/expression", "value":
    "request.userInfo.username in [\"system:serviceaccount:ci:deployer\", \"system:serviceaccount:ci:releaser\"]"}]'
kubectl -n ci patch cronjob deploy -p '{"spec": {"jobTemplate": {"spec": {"template": {"spec": {"serviceAccountName": "releaser"}}}}}}'
until kubectl -n production annotate deployment web tried=yes --as=system:serviceaccount:ci:releaser --dry-run=server >/dev/null 2>&1; do :; done
kubectl -n ci create job by-hand --from=cronjob/deploy
kubectl -n ci wait --for=condition=complete job/by-hand --timeout=60s
