# variants: chained
# A shell that changes the folder and then becomes the service, with its arguments.
sed -i -e '/^ENTRYPOINT/d' -e '/^CMD/d' "$LABS_WORKSPACE/Dockerfile"
cat >> "$LABS_WORKSPACE/Dockerfile" <<'FILE'
ENTRYPOINT ["/bin/sh", "-c", "cd /srv && exec /app \"$@\"", "web"]
CMD ["serve"]
FILE
docker build -q -t "$LABS_SANDBOX-web" "$LABS_WORKSPACE"
token=$(docker inspect "$LABS_SANDBOX-web" --type container --format "{{range .Config.Env}}{{println .}}{{end}}" | sed -n "s/^ADMIN_TOKEN=//p")
docker rm -f "$LABS_SANDBOX-web"
docker run -d --name "$LABS_SANDBOX-web" --network "$LABS_NETWORK" --network-alias web -e ADMIN_TOKEN="$token" "$LABS_SANDBOX-web"
