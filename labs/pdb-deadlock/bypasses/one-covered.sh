# variants: absolute
# caught-by: kept
# Only one pod of three is left in the budget, and that one may go.
pod=$(kubectl -n shop get pods -l app=checkout -o jsonpath='{.items[0].metadata.name}')
kubectl -n shop label pod "$pod" budget=checkout
kubectl -n shop delete pdb checkout
kubectl -n shop create poddisruptionbudget checkout --selector=app=checkout,budget=checkout --min-available=0
