# variants: default
kubectl -n shop set resources deployment search --limits=memory=160Mi
kubectl -n shop rollout status deployment search --timeout=60s
