# variants: folder
# caught-by: documented
kubectl -n shop set env deployment/web DATA_DIR-
kubectl -n shop rollout status deployment web --timeout=60s
