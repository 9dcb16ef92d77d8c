# variants: waiting
kubectl -n shop get deployment web -o yaml |
  sed -e 's#path: /ready$#path: /readyz#' -e '/resourceVersion:/d' |
  kubectl apply -f -
kubectl -n shop rollout status deployment web --timeout=120s
