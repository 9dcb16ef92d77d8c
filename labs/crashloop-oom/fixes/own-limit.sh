# variants: default
kubectl -n shop set resources deployment search --limits=memory=128Mi
kubectl -n shop rollout status deployment search --timeout=60s
