# variants: garbage
# The runtime collects in time, because it knows the limit.
kubectl -n shop set env deployment/search GOMEMLIMIT=76MiB
kubectl -n shop rollout status deployment search --timeout=60s
