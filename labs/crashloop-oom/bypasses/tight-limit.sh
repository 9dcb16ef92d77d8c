# variants: garbage
# caught-by: survives
# Room for what the pod uses on a quiet day, and not a tenth more.
kubectl -n shop set resources deployment search --limits=memory=128Mi
kubectl -n shop rollout status deployment search --timeout=60s
