# The common way: get the manifest, edit it, apply it. Without the version, which changes with every pod that comes or goes.
kubectl -n shop get deployment api -o yaml |
  sed -e 's/value: "16"/value: "1"/' -e '/resourceVersion:/d' |
  kubectl apply -f -
kubectl -n shop rollout status deployment api --timeout=60s
