# variants: expired
# The file stays where it is; what is in it comes from the kubelet.
kubectl -n ci patch cronjob deploy --type=json -p '[
  {"op": "replace", "path": "/spec/jobTemplate/spec/template/spec/volumes/1", "value": {
    "name": "token", "projected": {"sources": [{"serviceAccountToken": {"path": "token", "expirationSeconds": 3600}}]}}}]'
