# variants: closed
# A new Service under the old name: selector from the Deployment, a number for the port.
kubectl -n shop delete service web
kubectl -n shop expose deployment web --port=80 --target-port=8080
