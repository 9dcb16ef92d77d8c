# The common way: get the manifest, edit it, apply it.
kubectl -n shop get deployment payments -o yaml |
  sed -e '/livenessProbe:/,/readinessProbe:/ s#path: /healthz#path: /livez#' |
  kubectl apply -f -
kubectl -n shop rollout status deployment payments --timeout=120s
