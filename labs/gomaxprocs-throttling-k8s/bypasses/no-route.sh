# caught-by: served
kubectl -n shop patch service api --patch '{"spec": {"selector": {"app": "api", "tier": "fast"}}}'
