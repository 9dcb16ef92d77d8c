# variants: native
# Program, loader and libraries, and nothing else.
cat > "$LABS_WORKSPACE/Dockerfile" <<'FILE'
FROM labs/golang:1.26 AS build
WORKDIR /src
COPY . .
RUN CGO_ENABLED=1 go build -o /quotes . \
 && mkdir /root-of-it \
 && ldd /quotes | grep -o '/[^ ]*' | while read -r file; do cp -L --parents "$file" /root-of-it; done

FROM scratch
COPY --from=build /root-of-it /
COPY --from=build /quotes /quotes
USER 65532:65532
ENTRYPOINT ["/quotes"]
FILE
docker build -q --target build -t "$LABS_SANDBOX-quotes:build" "$LABS_WORKSPACE"
docker build -q -t "$LABS_SANDBOX-quotes" "$LABS_WORKSPACE"
token=$(docker inspect "$LABS_SANDBOX-quotes" --type container --format "{{range .Config.Env}}{{println .}}{{end}}" | sed -n "s/^ADMIN_TOKEN=//p")
docker rm -f "$LABS_SANDBOX-quotes"
docker run -d --name "$LABS_SANDBOX-quotes" --network "$LABS_NETWORK" --network-alias quotes -e ADMIN_TOKEN="$token" "$LABS_SANDBOX-quotes"
