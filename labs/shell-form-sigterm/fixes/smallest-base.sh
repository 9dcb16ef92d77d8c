# variants: chained
# Nothing but the program is needed.
rm -f "$LABS_WORKSPACE/entry.sh"
printf 'FROM labs/go-app:v1\nCMD ["serve"]\n' > "$LABS_WORKSPACE/Dockerfile"
docker build -q -t "$LABS_SANDBOX-web" "$LABS_WORKSPACE"
token=$(docker inspect "$LABS_SANDBOX-web" --type container --format "{{range .Config.Env}}{{println .}}{{end}}" | sed -n "s/^ADMIN_TOKEN=//p")
docker rm -f "$LABS_SANDBOX-web"
docker run -d --name "$LABS_SANDBOX-web" --network "$LABS_NETWORK" --network-alias web -e ADMIN_TOKEN="$token" "$LABS_SANDBOX-web"
