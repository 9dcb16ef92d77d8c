# variants: empty
# caught-by: follows
# The pods of today get the label, those of tomorrow do not.
kubectl -n shop label pods -l app.kubernetes.io/name=web app=website --overwrite
