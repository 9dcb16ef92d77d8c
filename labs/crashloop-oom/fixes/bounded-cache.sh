# variants: cache
kubectl -n shop set env deployment/search CACHE_MAX_MB=4
kubectl -n shop rollout status deployment search --timeout=60s
