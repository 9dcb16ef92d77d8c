# caught-by: small
# variants: linked
# It runs where it was compiled, and the tools are removed in one more layer.
sed -i '/^FROM scratch/,$d' "$LABS_WORKSPACE/Dockerfile"
cat >> "$LABS_WORKSPACE/Dockerfile" <<'FILE'
FROM build
RUN rm -rf /usr/local/go \
 && find / -xdev ! -type d | grep -E '/(cc|c99|cpp|gcc|g\+\+|cc1|ld|as|c99-gcc|x86_64[a-z0-9_-]*|aarch64[a-z0-9_-]*|(gcc|g\+\+|cpp)-[0-9.]+)$' | xargs rm -f
USER 65532:65532
ENTRYPOINT ["/quotes"]
FILE
docker build -q --target build -t "$LABS_SANDBOX-quotes:build" "$LABS_WORKSPACE"
docker build -q -t "$LABS_SANDBOX-quotes" "$LABS_WORKSPACE"
token=$(docker inspect "$LABS_SANDBOX-quotes" --type container --format "{{range .Config.Env}}{{println .}}{{end}}" | sed -n "s/^ADMIN_TOKEN=//p")
docker rm -f "$LABS_SANDBOX-quotes"
docker run -d --name "$LABS_SANDBOX-quotes" --network "$LABS_NETWORK" --network-alias quotes -e ADMIN_TOKEN="$token" "$LABS_SANDBOX-quotes"
