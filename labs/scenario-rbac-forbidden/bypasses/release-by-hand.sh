# variants: expired
# caught-by: deploys
kubectl -n ci get configmap manifests -o jsonpath='{.data.web\.json}' |
  jq '.metadata.annotations = {"dev.labs/release": "r42"} | .spec.template.metadata.annotations = {"dev.labs/release": "r42"}' |
  kubectl apply -f -
kubectl -n production rollout status deployment web --timeout=60s
