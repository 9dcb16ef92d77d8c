# variants: empty, portless
# The common way: get the manifest, edit it, apply it.
kubectl -n shop get service web -o yaml |
  sed -e 's/app: website/app: web/' -e 's/targetPort: web$/targetPort: http/' -e '/resourceVersion:/d' |
  kubectl apply -f -
