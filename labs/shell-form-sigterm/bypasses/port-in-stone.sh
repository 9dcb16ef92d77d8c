# variants: chained
# caught-by: port
# Exec form, and the variable of the old shell line replaced by what it mostly was.
cat > "$LABS_WORKSPACE/Dockerfile" <<'FILE'
FROM labs/debian:13
COPY --from=labs/go-app:v1 /app /app
USER 65532:65532
ENTRYPOINT ["env", "PORT=8080", "/app"]
CMD ["serve"]
FILE
docker build -q -t "$LABS_SANDBOX-web" "$LABS_WORKSPACE"
token=$(docker inspect "$LABS_SANDBOX-web" --type container --format "{{range .Config.Env}}{{println .}}{{end}}" | sed -n "s/^ADMIN_TOKEN=//p")
docker rm -f "$LABS_SANDBOX-web"
docker run -d --name "$LABS_SANDBOX-web" --network "$LABS_NETWORK" --network-alias web -e ADMIN_TOKEN="$token" "$LABS_SANDBOX-web"
