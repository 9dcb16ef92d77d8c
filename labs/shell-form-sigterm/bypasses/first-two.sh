# variants: wrapped
# caught-by: arguments
# A wrapper that hands over, with as many arguments as were seen so far.
cat > "$LABS_WORKSPACE/entry.sh" <<'FILE'
#!/bin/sh
exec /app ${1+"$1"} ${2+"$2"}
FILE
cat > "$LABS_WORKSPACE/Dockerfile" <<'FILE'
FROM labs/debian:13
COPY --from=labs/go-app:v1 /app /app
COPY entry.sh /entry.sh
RUN chmod 755 /entry.sh
ENV PORT=8080
USER 65532:65532
ENTRYPOINT ["/entry.sh"]
CMD ["serve"]
FILE
docker build -q -t "$LABS_SANDBOX-web" "$LABS_WORKSPACE"
token=$(docker inspect "$LABS_SANDBOX-web" --type container --format "{{range .Config.Env}}{{println .}}{{end}}" | sed -n "s/^ADMIN_TOKEN=//p")
docker rm -f "$LABS_SANDBOX-web"
docker run -d --name "$LABS_SANDBOX-web" --network "$LABS_NETWORK" --network-alias web -e ADMIN_TOKEN="$token" "$LABS_SANDBOX-web"
