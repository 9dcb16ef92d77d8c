# variants: piped
# caught-by: drains
# The service hears it, and has less time than its longest requests take.
cat > "$LABS_WORKSPACE/Dockerfile" <<'FILE'
FROM labs/debian:13
COPY --from=labs/go-app:v1 /app /app
ENV PORT=8080 SHUTDOWN_TIMEOUT=4500ms
USER 65532:65532
ENTRYPOINT ["/app"]
CMD ["serve"]
FILE
docker build -q -t "$LABS_SANDBOX-web" "$LABS_WORKSPACE"
token=$(docker inspect "$LABS_SANDBOX-web" --type container --format "{{range .Config.Env}}{{println .}}{{end}}" | sed -n "s/^ADMIN_TOKEN=//p")
docker rm -f "$LABS_SANDBOX-web"
docker run -d --name "$LABS_SANDBOX-web" --network "$LABS_NETWORK" --network-alias web -e ADMIN_TOKEN="$token" "$LABS_SANDBOX-web"
