# The common way: get the manifest, edit it, apply it. A copy asks for what v1 asked for. Without the version, which changes with every pod that comes or goes.
kubectl -n pay get deployment payment-service -o yaml |
  sed -e 's/cpu: 45m/cpu: 15m/' -e '/resourceVersion:/d' |
  kubectl apply -f -
kubectl -n pay rollout status deployment payment-service --timeout=240s
