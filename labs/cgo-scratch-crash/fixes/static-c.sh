# variants: linked, native
# The C library inside the program.
sed -i "s|^RUN .*go build|RUN CGO_ENABLED=1 go build -tags netgo,osusergo -ldflags '-linkmode external -extldflags -static'|" "$LABS_WORKSPACE/Dockerfile"
