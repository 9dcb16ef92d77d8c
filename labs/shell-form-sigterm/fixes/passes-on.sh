# variants: wrapped
# The wrapper stays, and passes the signal on.
sed -i '/^\/app/d' "$LABS_WORKSPACE/entry.sh"
cat >> "$LABS_WORKSPACE/entry.sh" <<'FILE'
/app "$@" &
pid=$!
trap 'kill -TERM "$pid"' TERM
set +e
wait "$pid"
code=$?
# The signal ended that wait, and not the service.
if [ "$code" -gt 128 ]; then
  wait "$pid"
  code=$?
fi
exit "$code"
FILE
docker build -q -t "$LABS_SANDBOX-web" "$LABS_WORKSPACE"
token=$(docker inspect "$LABS_SANDBOX-web" --type container --format "{{range .Config.Env}}{{println .}}{{end}}" | sed -n "s/^ADMIN_TOKEN=//p")
docker rm -f "$LABS_SANDBOX-web"
docker run -d --name "$LABS_SANDBOX-web" --network "$LABS_NETWORK" --network-alias web -e ADMIN_TOKEN="$token" "$LABS_SANDBOX-web"
