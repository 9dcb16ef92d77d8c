# variants: expired
# The token that every pod is given anyway, and that the kubelet renews.
kubectl -n ci get cronjob deploy -o yaml |
  sed -e '/- --token-file/d' -e '/- \/token\/token/d' -e '/resourceVersion:/d' |
  kubectl apply -f -
kubectl -n ci delete secret deploy-token
kubectl -n ci patch cronjob deploy --type=json -p '[
  {"op": "remove", "path": "/spec/jobTemplate/spec/template/spec/volumes/1"},
  {"op": "remove", "path": "/spec/jobTemplate/spec/template/spec/containers/0/volumeMounts/1"}]'
