# variants: empty
# caught-by: follows
# A label that every pod has, until the next release.
hash=$(kubectl -n shop get pods -l app.kubernetes.io/name=web -o jsonpath='{.items[0].metadata.labels.pod-template-hash}')
kubectl -n shop patch service web --type=merge -p "{\"spec\": {\"selector\": {\"app\": null, \"pod-template-hash\": \"$hash\"}}}"
