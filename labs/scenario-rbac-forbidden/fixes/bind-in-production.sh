# variants: elsewhere, indoors
# The role holds where its binding is. The other binding grants nothing that anybody needs.
kubectl delete clusterrolebinding deployer --ignore-not-found
kubectl -n ci delete rolebinding deployer --ignore-not-found
kubectl -n production create rolebinding deployer --clusterrole=release --serviceaccount=ci:deployer
