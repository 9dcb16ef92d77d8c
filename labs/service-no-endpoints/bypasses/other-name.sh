# variants: closed
# caught-by: answers
# The name becomes another name for search, which answers. The addresses of web stay listed, and nobody uses them.
kubectl -n shop patch service web --type=merge -p '{"spec": {"type": "ExternalName", "externalName": "search.shop.svc.cluster.local"}}'
