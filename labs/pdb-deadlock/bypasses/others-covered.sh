# variants: percent
# caught-by: kept
# The budget counts other pods, and protects nobody.
kubectl -n shop delete pdb checkout
kubectl -n shop create poddisruptionbudget checkout --selector=app=checkout,tier=web --min-available=2
