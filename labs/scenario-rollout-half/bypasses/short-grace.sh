# caught-by: answered
# Those that leave make room after two seconds, whatever they are doing.
kubectl -n pay patch deployment payment-service -p '{"spec": {"template": {"spec": {"terminationGracePeriodSeconds": 2,
  "containers": [{"name": "payment-service", "resources": {"requests": {"cpu": "10m"}}}]}}}}'
kubectl -n pay rollout status deployment payment-service --timeout=240s
