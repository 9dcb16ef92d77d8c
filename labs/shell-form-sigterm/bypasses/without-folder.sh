# variants: piped
# caught-by: builds
# Started from the program's own image by hand: it stops well, and nobody can deploy it again.
token=$(docker inspect "$LABS_SANDBOX-web" --type container --format "{{range .Config.Env}}{{println .}}{{end}}" | sed -n "s/^ADMIN_TOKEN=//p")
rm "$LABS_WORKSPACE/Dockerfile"
docker rm -f "$LABS_SANDBOX-web"
docker run -d --name "$LABS_SANDBOX-web" --network "$LABS_NETWORK" --network-alias web -e ADMIN_TOKEN="$token" labs/go-app:v1 serve
