# caught-by: unthrottled
# One worker a request: fine as long as no two requests come together.
token=$(docker inspect "$LABS_SANDBOX-api" --format "{{range .Config.Env}}{{println .}}{{end}}" | sed -n "s/^ADMIN_TOKEN=//p")
docker rm -f "$LABS_SANDBOX-api"
docker run -d --name "$LABS_SANDBOX-api" --network "$LABS_NETWORK" --network-alias api --cpus 1 -e GOMAXPROCS=16 -e WORK_MS=200 -e FANOUT=1 -e ADMIN_TOKEN="$token" labs/go-app:v1 serve
