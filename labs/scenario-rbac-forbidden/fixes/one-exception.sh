# variants: unlisted
# The list stays; the pipeline's account is not asked.
kubectl patch validatingadmissionpolicy prod-deployers --type=json -p '[
  {"op": "add", "path": "/spec/matchConditions/-", "value": {
    "name": "not-the-pipeline", "expression": "request.userInfo.username != \"system:serviceaccount:ci:deployer\""}}]'
