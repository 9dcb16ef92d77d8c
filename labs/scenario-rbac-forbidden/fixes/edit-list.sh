# variants: unlisted
# The common way: get the manifest, edit it, apply it.
kubectl get validatingadmissionpolicy prod-deployers -o yaml |
  sed -e 's#serviceaccount:ci-cd:deployer#serviceaccount:ci:deployer#' -e '/resourceVersion:/d' |
  kubectl apply -f -
