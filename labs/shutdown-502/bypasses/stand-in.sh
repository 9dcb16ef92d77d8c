# variants: abrupt
# caught-by: reaches
kubectl -n shop get deployment checkout -o json |
  jq '.metadata = {name: "checkout-live", namespace: "shop"} | del(.status)
    | .spec.selector.matchLabels = {app: "checkout-live"} | .spec.template.metadata.labels = {app: "checkout-live"}' |
  kubectl apply -f -
kubectl -n shop rollout status deployment checkout-live --timeout=60s
kubectl -n shop patch service checkout --patch '{"spec": {"selector": {"app": "checkout-live"}}}'
kubectl -n shop rollout restart deployment checkout
