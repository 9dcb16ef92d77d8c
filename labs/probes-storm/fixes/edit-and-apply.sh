# The common way: get the manifest, edit it, apply it. Without the version, which changes with every pod that comes or goes.
kubectl -n shop get deployment payments -o yaml |
  sed -e '/livenessProbe:/,/readinessProbe:/ s#path: /healthz#path: /livez#' -e '/resourceVersion:/d' |
  kubectl apply -f -
kubectl -n shop rollout status deployment payments --timeout=120s
