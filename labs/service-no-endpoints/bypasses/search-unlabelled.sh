# variants: empty
# caught-by: neighbour
# The pods of search lose what the remaining selector finds them by, until the next of them comes.
kubectl -n shop patch service web --type=json -p '[{"op": "remove", "path": "/spec/selector/app"}]'
kubectl -n shop label pods -l app=search tier-
