# variants: unlisted
# caught-by: deploys
kubectl -n ci patch cronjob deploy --type=json -p '[
  {"op": "replace", "path": "/spec/jobTemplate/spec/template/spec/containers/0/args", "value": ["version"]}]'
kubectl -n production annotate deployment web dev.labs/release=r42 --overwrite
