# variants: scratch
# caught-by: own-files
# The same folder of the node, by way of a volume and a claim.
kubectl apply -f - <<'EOF'
apiVersion: v1
kind: PersistentVolume
metadata: { name: scratch }
spec:
  capacity: { storage: 1Gi }
  accessModes: [ReadWriteMany]
  hostPath: { path: /var/tmp }
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: scratch, namespace: shop }
spec:
  storageClassName: ""
  volumeName: scratch
  accessModes: [ReadWriteMany]
  resources: { requests: { storage: 1Gi } }
EOF
kubectl -n shop patch deployment search -p '{"spec": {"template": {"spec": {"volumes": [{"name": "scratch",
  "emptyDir": null, "persistentVolumeClaim": {"claimName": "scratch"}}]}}}}'
kubectl -n shop rollout status deployment search --timeout=60s
