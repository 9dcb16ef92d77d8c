# variants: linked, foreign
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
