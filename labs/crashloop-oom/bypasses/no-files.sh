# variants: scratch
# caught-by: same-work
kubectl -n shop set env deployment/search SCRATCH_DIR=/nowhere
kubectl -n shop rollout status deployment search --timeout=60s
