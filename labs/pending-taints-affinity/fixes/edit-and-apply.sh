# The common way: get the manifests, edit them, apply them. Without the version, which may be a newer one by now.
kubectl -n shop get deployment orders -o yaml |
  sed -e 's/- staging$/- prod/' -e '/resourceVersion:/d' |
  kubectl apply -f -
kubectl -n shop get deployment node-watch -o yaml |
  sed -e 's/^      nodeSelector:/      tolerations:\n      - {key: dedicated, operator: Equal, value: monitoring, effect: NoSchedule}\n&/' -e '/resourceVersion:/d' |
  kubectl apply -f -
kubectl -n shop rollout status deployment orders --timeout=60s
kubectl -n shop rollout status deployment node-watch --timeout=60s
