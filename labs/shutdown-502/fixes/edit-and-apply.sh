# variants: abrupt
# The common way: get the manifest, edit it, apply it. Without the version, which changes with every pod that comes or goes.
kubectl -n shop get deployment checkout -o yaml |
  sed -e 's/value: immediate/value: graceful/' -e '/resourceVersion:/d' \
    -e 's/^        imagePullPolicy: Never/&\n        lifecycle:\n          preStop:\n            sleep:\n              seconds: 10/' |
  kubectl apply -f -
kubectl -n shop rollout status deployment checkout --timeout=60s
