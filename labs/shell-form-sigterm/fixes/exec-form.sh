# No shell at all.
cat > "$LABS_WORKSPACE/Dockerfile" <<'FILE'
FROM labs/debian:13
COPY --from=labs/go-app:v1 /app /app
ENV PORT=8080
EXPOSE 8080
WORKDIR /srv
USER 65532:65532
ENTRYPOINT ["/app"]
CMD ["serve"]
FILE
