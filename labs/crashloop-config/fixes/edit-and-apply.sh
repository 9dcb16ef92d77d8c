# variants: port, program, role
# The common way: get the manifest, edit it, apply it. Without the version, which changes with every pod that comes or goes.
kubectl -n shop get deployment web -o yaml |
  sed -e 's/value: 80a/value: "8080"/' -e 's#^\( *\)- /server$#\1- /app#' -e 's/^\( *\)- version$/\1- serve/' -e '/resourceVersion:/d' |
  kubectl apply -f -
kubectl -n shop rollout status deployment web --timeout=60s
