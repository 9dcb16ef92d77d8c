# caught-by: drains
# variants: wrapped
# The shell ends when it is told to, and the service dies with it.
sed -i 's|^/app.*|trap "exit 0" TERM; /app "$@" \& wait|' "$LABS_WORKSPACE/entry.sh"
docker build -q -t "$LABS_SANDBOX-web" "$LABS_WORKSPACE"
token=$(docker inspect "$LABS_SANDBOX-web" --type container --format "{{range .Config.Env}}{{println .}}{{end}}" | sed -n "s/^ADMIN_TOKEN=//p")
docker rm -f "$LABS_SANDBOX-web"
docker run -d --name "$LABS_SANDBOX-web" --network "$LABS_NETWORK" --network-alias web -e ADMIN_TOKEN="$token" "$LABS_SANDBOX-web"
