# variants: scratch
# caught-by: same-work
kubectl -n shop get deployment search -o yaml |
  sed -e 's/^\( *\)medium: Memory/&\n\1sizeLimit: 16Mi/' -e '/resourceVersion:/d' |
  kubectl apply -f -
kubectl -n shop rollout status deployment search --timeout=60s
