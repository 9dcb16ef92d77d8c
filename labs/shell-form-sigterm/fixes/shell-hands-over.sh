# variants: piped, chained
# A shell that changes the folder and then becomes the service, with its arguments.
sed -i -e '/^ENTRYPOINT/d' -e '/^CMD/d' "$LABS_WORKSPACE/Dockerfile"
cat >> "$LABS_WORKSPACE/Dockerfile" <<'FILE'
ENTRYPOINT ["/bin/sh", "-c", "cd /srv && exec /app \"$@\"", "web"]
CMD ["serve"]
FILE
