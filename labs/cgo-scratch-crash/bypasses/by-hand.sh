# caught-by: answers
# variants: foreign
# Built once with other settings; the folder stays as it was.
sed -e '/^ARG GOARCH/d' -e 's/^RUN .*go build/RUN CGO_ENABLED=0 go build/' "$LABS_WORKSPACE/Dockerfile" > "$LABS_WORKSPACE/by-hand.Dockerfile"
docker build -q --target build -f "$LABS_WORKSPACE/by-hand.Dockerfile" -t "$LABS_SANDBOX-quotes:build" "$LABS_WORKSPACE"
docker build -q -f "$LABS_WORKSPACE/by-hand.Dockerfile" -t "$LABS_SANDBOX-quotes" "$LABS_WORKSPACE"
rm "$LABS_WORKSPACE/by-hand.Dockerfile"
token=$(docker inspect "$LABS_SANDBOX-quotes" --type container --format "{{range .Config.Env}}{{println .}}{{end}}" | sed -n "s/^ADMIN_TOKEN=//p")
docker rm -f "$LABS_SANDBOX-quotes"
docker run -d --name "$LABS_SANDBOX-quotes" --network "$LABS_NETWORK" --network-alias quotes -e ADMIN_TOKEN="$token" "$LABS_SANDBOX-quotes"
