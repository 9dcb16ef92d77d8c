# variants: empty
# caught-by: listed
# Half of the remaining selector is enough to find pods; also those of search.
kubectl -n shop patch service web --type=json -p '[{"op": "remove", "path": "/spec/selector/app"}]'
