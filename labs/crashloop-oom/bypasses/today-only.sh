# variants: garbage
# caught-by: survives
# Room for the pods that are there, and for no others: a resize in place. They must get it before they are killed for the first time.
kubectl -n shop delete pods -l app=search --wait=true
for _look in 1 2 3 4 5 6 7 8; do
  for pod in $(kubectl -n shop get pods -l app=search -o name); do
    kubectl -n shop patch "$pod" --subresource resize \
      -p '{"spec":{"containers":[{"name":"search","resources":{"limits":{"memory":"240Mi"}}}]}}' || true
  done
  sleep 0.7
done
kubectl -n shop rollout status deployment search --timeout=60s
