# caught-by: stage-intact
kubectl -n shop set env deployment/ledger FAIL_SCHEDULE-
kubectl -n shop rollout status deployment ledger --timeout=60s
kubectl -n shop rollout restart deployment payments
kubectl -n shop rollout status deployment payments --timeout=120s
