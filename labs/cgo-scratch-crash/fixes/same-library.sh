# variants: linked
# A final stage on the system that it was compiled on.
sed -i -e 's/^FROM scratch/FROM labs\/debian:13/' "$LABS_WORKSPACE/Dockerfile"
docker build -q --target build -t "$LABS_SANDBOX-quotes:build" "$LABS_WORKSPACE"
docker build -q -t "$LABS_SANDBOX-quotes" "$LABS_WORKSPACE"
token=$(docker inspect "$LABS_SANDBOX-quotes" --type container --format "{{range .Config.Env}}{{println .}}{{end}}" | sed -n "s/^ADMIN_TOKEN=//p")
docker rm -f "$LABS_SANDBOX-quotes"
docker run -d --name "$LABS_SANDBOX-quotes" --network "$LABS_NETWORK" --network-alias quotes -e ADMIN_TOKEN="$token" "$LABS_SANDBOX-quotes"
