# variants: absolute
# caught-by: kept
kubectl -n shop delete pdb checkout
