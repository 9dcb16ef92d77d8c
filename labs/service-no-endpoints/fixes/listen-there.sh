# variants: closed
# The program listens where the Service sends to.
kubectl -n shop patch deployment web --type=json -p '[
  {"op": "add", "path": "/spec/template/spec/containers/0/env/-", "value": {"name": "PORT", "value": "80"}},
  {"op": "replace", "path": "/spec/template/spec/containers/0/ports/0/containerPort", "value": 80},
  {"op": "replace", "path": "/spec/template/spec/containers/0/livenessProbe/httpGet/port", "value": 80},
  {"op": "replace", "path": "/spec/template/spec/containers/0/readinessProbe/httpGet/port", "value": 80}]'
kubectl -n shop rollout status deployment web --timeout=120s
