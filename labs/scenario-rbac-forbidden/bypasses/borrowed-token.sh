# variants: unlisted
# caught-by: rights, expiring
# The account that the policy lists is made, and lends the pipeline its token.
kubectl create namespace ci-cd
kubectl -n ci-cd create serviceaccount deployer
kubectl -n production create rolebinding releases --clusterrole=release --serviceaccount=ci-cd:deployer
kubectl -n ci create secret generic deploy-token --from-literal=token="$(kubectl -n ci-cd create token deployer --duration=1h)"
kubectl -n ci patch cronjob deploy --type=json -p '[
  {"op": "add", "path": "/spec/jobTemplate/spec/template/spec/volumes/-", "value": {"name": "token", "secret": {"secretName": "deploy-token"}}},
  {"op": "add", "path": "/spec/jobTemplate/spec/template/spec/containers/0/volumeMounts/-", "value": {"name": "token", "mountPath": "/token"}},
  {"op": "replace", "path": "/spec/jobTemplate/spec/template/spec/containers/0/args", "value":
    ["apply", "--token-file", "/token/token", "--release", "$(RELEASE)", "--wait", "60s", "/manifests/web.json"]}]'
until kubectl -n production annotate deployment web tried=yes --as=system:serviceaccount:ci-cd:deployer --dry-run=server >/dev/null 2>&1; do :; done
kubectl -n ci create job by-hand --from=cronjob/deploy
kubectl -n ci wait --for=condition=complete job/by-hand --timeout=60s
