# variants: expired
# caught-by: expiring
kubectl apply -f - <<'YAML'
apiVersion: v1
kind: Secret
metadata:
  name: deployer-token
  namespace: ci
  annotations: { kubernetes.io/service-account.name: deployer }
type: kubernetes.io/service-account-token
YAML
kubectl -n ci wait --for=jsonpath='{.data.token}' secret/deployer-token --timeout=20s
kubectl -n ci patch cronjob deploy --type=json -p '[
  {"op": "replace", "path": "/spec/jobTemplate/spec/template/spec/volumes/1/secret/secretName", "value": "deployer-token"}]'
kubectl -n ci create job by-hand --from=cronjob/deploy
kubectl -n ci wait --for=condition=complete job/by-hand --timeout=60s
