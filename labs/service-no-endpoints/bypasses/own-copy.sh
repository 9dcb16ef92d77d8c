# variants: waiting
# caught-by: listed
# A second Deployment without the probe takes the Service over.
kubectl -n shop get deployment web -o json |
  jq '.metadata = {name: "front", namespace: "shop"} | del(.status)
    | .spec.selector.matchLabels = {app: "front"} | .spec.template.metadata.labels = {app: "front"}
    | del(.spec.template.spec.containers[0].readinessProbe)' |
  kubectl apply -f -
kubectl -n shop rollout status deployment front --timeout=60s
kubectl -n shop patch service web --type=merge -p '{"spec": {"selector": {"app": "front", "tier": null}}}'
