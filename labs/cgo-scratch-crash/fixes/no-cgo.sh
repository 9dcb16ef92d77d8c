# variants: linked
# A static program for this machine.
cat > "$LABS_WORKSPACE/Dockerfile" <<'FILE'
FROM labs/golang:1.26 AS build
ENV CGO_ENABLED=0
WORKDIR /src
COPY go.mod *.go ./
RUN go build -o /quotes .

FROM scratch
COPY --from=build /quotes /quotes
USER 65532:65532
ENTRYPOINT ["/quotes"]
FILE
docker build -q --target build -t "$LABS_SANDBOX-quotes:build" "$LABS_WORKSPACE"
docker build -q -t "$LABS_SANDBOX-quotes" "$LABS_WORKSPACE"
token=$(docker inspect "$LABS_SANDBOX-quotes" --type container --format "{{range .Config.Env}}{{println .}}{{end}}" | sed -n "s/^ADMIN_TOKEN=//p")
docker rm -f "$LABS_SANDBOX-quotes"
docker run -d --name "$LABS_SANDBOX-quotes" --network "$LABS_NETWORK" --network-alias quotes -e ADMIN_TOKEN="$token" "$LABS_SANDBOX-quotes"
