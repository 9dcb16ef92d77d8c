# variants: port
# Without the setting, the program listens on the port that it has always had.
kubectl -n shop set env deployment/web PORT-
kubectl -n shop rollout status deployment web --timeout=60s
