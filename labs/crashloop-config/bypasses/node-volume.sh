# variants: folder
# caught-by: confined
# A folder of the node, by way of a volume and a claim.
kubectl apply -f - <<'EOF'
apiVersion: v1
kind: PersistentVolume
metadata: { name: web-data }
spec:
  capacity: { storage: 1Gi }
  accessModes: [ReadWriteMany]
  hostPath: { path: /var/tmp }
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: web-data, namespace: shop }
spec:
  storageClassName: ""
  volumeName: web-data
  accessModes: [ReadWriteMany]
  resources: { requests: { storage: 1Gi } }
EOF
kubectl -n shop patch deployment web -p '{"spec": {"template": {"spec": {
  "volumes": [{"name": "data", "persistentVolumeClaim": {"claimName": "web-data"}}],
  "containers": [{"name": "web", "volumeMounts": [{"name": "data", "mountPath": "/data"}]}]}}}}'
kubectl -n shop rollout status deployment web --timeout=60s
