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
