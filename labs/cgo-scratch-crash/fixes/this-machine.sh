# variants: foreign
# The argument stays for those who need it; without one it is this machine.
sed -i -e 's/^ARG GOARCH=.*/ARG GOARCH/' -e 's/GOARCH=\$GOARCH go/GOARCH=${GOARCH:-$(go env GOHOSTARCH)} go/' "$LABS_WORKSPACE/Dockerfile"
docker build -q --target build -t "$LABS_SANDBOX-quotes:build" "$LABS_WORKSPACE"
docker build -q -t "$LABS_SANDBOX-quotes" "$LABS_WORKSPACE"
token=$(docker inspect "$LABS_SANDBOX-quotes" --type container --format "{{range .Config.Env}}{{println .}}{{end}}" | sed -n "s/^ADMIN_TOKEN=//p")
docker rm -f "$LABS_SANDBOX-quotes"
docker run -d --name "$LABS_SANDBOX-quotes" --network "$LABS_NETWORK" --network-alias quotes -e ADMIN_TOKEN="$token" "$LABS_SANDBOX-quotes"
