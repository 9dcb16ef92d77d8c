# caught-by: unthrottled
# The pod of today gets another limit; the template that makes the next one does not.
pod=$(kubectl -n shop get pods -l app=api -o name)
kubectl -n shop patch "$pod" --subresource resize --patch '{"spec": {"containers": [{"name": "api", "resources": {"limits": {"cpu": "2"}}}]}}'
kubectl -n shop wait "$pod" --for=jsonpath='{.status.containerStatuses[0].resources.limits.cpu}'=2 --timeout=30s
