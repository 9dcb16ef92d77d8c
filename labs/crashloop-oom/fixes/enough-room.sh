# variants: garbage, scratch, limit
# Room for twice the live heap, or for the files.
kubectl -n shop set resources deployment search --limits=memory=240Mi
kubectl -n shop rollout status deployment search --timeout=60s
