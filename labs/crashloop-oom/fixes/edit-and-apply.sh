# variants: limit, scratch
# The common way: get the manifest, edit it, apply it. Without the version, which changes with every pod that comes or goes.
kubectl -n shop get deployment search -o yaml |
  sed -e 's/memory: 44Mi/memory: 104Mi/' -e 's/^\( *\)- emptyDir:$/\1- emptyDir: {}/' -e '/medium: Memory/d' -e '/resourceVersion:/d' |
  kubectl apply -f -
kubectl -n shop rollout status deployment search --timeout=60s
