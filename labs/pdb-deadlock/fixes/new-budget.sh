# variants: percent
# Another budget in the place of the old one; the first must go, for a pod may have only one.
kubectl -n shop delete pdb checkout
kubectl -n shop create poddisruptionbudget one-at-a-time --selector=app=checkout --max-unavailable=33%
