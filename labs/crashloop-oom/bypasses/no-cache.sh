# variants: cache
# caught-by: same-work
kubectl -n shop set env deployment/search CACHE_MB_PER_MIN=0
kubectl -n shop rollout status deployment search --timeout=60s
