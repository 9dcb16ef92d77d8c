# caught-by: turns-away, ends-idle
# variants: wrapped
# Says what is looked for after the time that a request takes; the service hears nothing.
sed -i '/^\/app/d' "$LABS_WORKSPACE/entry.sh"
cat >> "$LABS_WORKSPACE/entry.sh" <<'FILE'
leave() {
  sleep 9
  echo '{"msg":"shutdown complete"}'
  exit 0
}
trap leave TERM
/app "$@" &
wait
FILE
docker build -q -t "$LABS_SANDBOX-web" "$LABS_WORKSPACE"
token=$(docker inspect "$LABS_SANDBOX-web" --type container --format "{{range .Config.Env}}{{println .}}{{end}}" | sed -n "s/^ADMIN_TOKEN=//p")
docker rm -f "$LABS_SANDBOX-web"
docker run -d --name "$LABS_SANDBOX-web" --network "$LABS_NETWORK" --network-alias web -e ADMIN_TOKEN="$token" "$LABS_SANDBOX-web"
