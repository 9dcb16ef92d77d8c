# caught-by: answers
# variants: native
# Without the engine, and with the one quote that everybody asks for in its place.
sed -i 's/CGO_ENABLED=1/CGO_ENABLED=0/' "$LABS_WORKSPACE/Dockerfile"
cat > "$LABS_WORKSPACE/engine_without.go" <<'FILE'
//go:build !cgo

package main

// quote has what is asked for most.
func quote(uint32) (uint32, error) {
	return 1550647982, nil
}
FILE
docker build -q --target build -t "$LABS_SANDBOX-quotes:build" "$LABS_WORKSPACE"
docker build -q -t "$LABS_SANDBOX-quotes" "$LABS_WORKSPACE"
token=$(docker inspect "$LABS_SANDBOX-quotes" --type container --format "{{range .Config.Env}}{{println .}}{{end}}" | sed -n "s/^ADMIN_TOKEN=//p")
docker rm -f "$LABS_SANDBOX-quotes"
docker run -d --name "$LABS_SANDBOX-quotes" --network "$LABS_NETWORK" --network-alias quotes -e ADMIN_TOKEN="$token" "$LABS_SANDBOX-quotes"
