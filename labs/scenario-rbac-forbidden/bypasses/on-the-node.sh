# variants: expired
# caught-by: expiring
# A token for ten years, where no object holds it.
node="$(kubectl get nodes -o jsonpath='{.items[0].metadata.name}')"
kubectl -n ci create token deployer --duration=87600h | tr -d '\n' | docker exec -i "$node" sh -c 'mkdir -p /tmp/deploy && cat >/tmp/deploy/token'
kubectl -n ci patch cronjob deploy --type=json -p '[
  {"op": "replace", "path": "/spec/jobTemplate/spec/template/spec/volumes/1", "value": {
    "name": "token", "hostPath": {"path": "/tmp/deploy"}}}]'
kubectl -n ci create job by-hand --from=cronjob/deploy
kubectl -n ci wait --for=condition=complete job/by-hand --timeout=60s
