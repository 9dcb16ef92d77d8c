# variants: empty, closed
# caught-by: listed
# The addresses of today's pods, written down by hand.
kubectl -n shop patch service web --type=json -p '[
  {"op": "remove", "path": "/spec/selector"},
  {"op": "replace", "path": "/spec/ports/0/targetPort", "value": 8080}]'
kubectl -n shop delete endpointslices -l kubernetes.io/service-name=web
kubectl -n shop get pods -l app.kubernetes.io/name=web -o json |
  jq '{apiVersion: "discovery.k8s.io/v1", kind: "EndpointSlice",
    metadata: {name: "web-static", namespace: "shop", labels: {"kubernetes.io/service-name": "web"}},
    addressType: "IPv4", ports: [{name: "http", port: 8080, protocol: "TCP"}],
    endpoints: [.items[].status.podIP | select(. != null) | {addresses: [.], conditions: {ready: true}}]}' |
  kubectl apply -f -
