# variants: empty
# The label goes to the pods instead: into the template, so that pods to come have it as well.
kubectl -n shop patch deployment web --type=json -p '[
  {"op": "replace", "path": "/spec/template/metadata/labels/app", "value": "website"}]'
kubectl -n shop rollout status deployment web --timeout=120s
