# The common way, once it has come to rest: get the manifest, edit it, apply it. A copy asks for what v1 asked for.
# Without the version, which changes with every pod that comes or goes.
kubectl -n pay wait deployment payment-service --for=jsonpath='{.status.updatedReplicas}'=10 --timeout=240s
kubectl -n pay get deployment payment-service -o yaml |
  sed -e 's/cpu: 70m/cpu: 10m/' -e '/resourceVersion:/d' |
  kubectl apply -f -
kubectl -n pay rollout status deployment payment-service --timeout=240s
