# caught-by: answers
# variants: linked, native
# Compiled once, and kept in the folder in the place of a build.
sed -e '/^ARG GOARCH/d' -e "s|^RUN .*go build|RUN CGO_ENABLED=1 go build -tags netgo,osusergo -ldflags '-linkmode external -extldflags -static'|" \
  "$LABS_WORKSPACE/Dockerfile" > "$LABS_WORKSPACE/by-hand.Dockerfile"
docker build -q --target build -f "$LABS_WORKSPACE/by-hand.Dockerfile" -t "$LABS_SANDBOX-quotes:build" "$LABS_WORKSPACE"
rm "$LABS_WORKSPACE/by-hand.Dockerfile"
docker create --name "$LABS_SANDBOX-built" "$LABS_SANDBOX-quotes:build"
docker cp "$LABS_SANDBOX-built:/quotes" "$LABS_WORKSPACE/quotes"
docker rm "$LABS_SANDBOX-built"
cat > "$LABS_WORKSPACE/Dockerfile" <<'FILE'
FROM scratch
COPY quotes /quotes
USER 65532:65532
ENTRYPOINT ["/quotes"]
FILE
docker build -q -t "$LABS_SANDBOX-quotes" "$LABS_WORKSPACE"
token=$(docker inspect "$LABS_SANDBOX-quotes" --type container --format "{{range .Config.Env}}{{println .}}{{end}}" | sed -n "s/^ADMIN_TOKEN=//p")
docker rm -f "$LABS_SANDBOX-quotes"
docker run -d --name "$LABS_SANDBOX-quotes" --network "$LABS_NETWORK" --network-alias quotes -e ADMIN_TOKEN="$token" "$LABS_SANDBOX-quotes"
