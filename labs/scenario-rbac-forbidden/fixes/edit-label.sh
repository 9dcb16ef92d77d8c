# variants: unlabelled
# The common way: get the manifest, edit it, apply it.
kubectl get clusterrole release-deployments -o yaml |
  sed -e 's#aggregate-to-releases#aggregate-to-release#' -e '/resourceVersion:/d' |
  kubectl apply -f -
