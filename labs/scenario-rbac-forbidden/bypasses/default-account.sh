# variants: elsewhere
# caught-by: rights
kubectl -n production create rolebinding pipeline --clusterrole=release --serviceaccount=ci:default
kubectl patch validatingadmissionpolicy prod-deployers --type=json -p '[
  {"op": "replace", "path": "/spec/validations/0/expression", "value":
    "request.userInfo.username in [\"system:serviceaccount:ci:default\"]"}]'
kubectl -n ci patch cronjob deploy -p '{"spec": {"jobTemplate": {"spec": {"template": {"spec": {"serviceAccountName": "default"}}}}}}'
until kubectl -n production annotate deployment web tried=yes --as=system:serviceaccount:ci:default --dry-run=server >/dev/null 2>&1; do :; done
kubectl -n ci create job by-hand --from=cronjob/deploy
kubectl -n ci wait --for=condition=complete job/by-hand --timeout=60s
