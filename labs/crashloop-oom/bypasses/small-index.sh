# variants: limit
# caught-by: same-work
kubectl -n shop set env deployment/search WORKING_SET_MB=4
kubectl -n shop rollout status deployment search --timeout=60s
