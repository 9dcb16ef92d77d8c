# variants: absolute
# caught-by: drains
# Two budgets for one pod: the eviction API answers 500 to that.
kubectl -n shop create poddisruptionbudget one-at-a-time --selector=app=checkout --max-unavailable=1
