# variants: limit
# caught-by: kept
kubectl -n shop patch deployment search -p '{"spec": {"replicas": 1}}'
kubectl -n shop set resources deployment search --limits=memory=104Mi
kubectl -n shop rollout status deployment search --timeout=60s
