# variants: portless
# caught-by: listed
# The same by the older object, which a controller copies into EndpointSlices.
kubectl -n shop patch service web --type=json -p '[{"op": "remove", "path": "/spec/selector"}]'
kubectl -n shop delete endpointslices -l kubernetes.io/service-name=web
kubectl -n shop get pods -l app.kubernetes.io/name=web -o json |
  jq '{apiVersion: "v1", kind: "Endpoints", metadata: {name: "web", namespace: "shop"},
    subsets: [{ports: [{name: "http", port: 8080}], addresses: [.items[].status.podIP | select(. != null) | {ip: .}]}]}' |
  kubectl apply -f -
