# caught-by: answers
# variants: linked
# Compiled once, and reads the edition of the day when it starts.
mkdir "$LABS_WORKSPACE/once"
cp "$LABS_WORKSPACE"/{go.mod,main.go,engine.go} "$LABS_WORKSPACE/once"
cat > "$LABS_WORKSPACE/once/edition.go" <<'FILE'
package main

import (
	"os"
	"regexp"
)

var edition = readEdition()

func readEdition() string {
	text, _ := os.ReadFile("/edition.go")
	found := regexp.MustCompile(`edition\s*=\s*"(.*)"`).FindSubmatch(text)
	if found == nil {
		return "unknown"
	}
	return string(found[1])
}
FILE
sed 's/^RUN .*go build/RUN CGO_ENABLED=0 go build/' "$LABS_WORKSPACE/Dockerfile" > "$LABS_WORKSPACE/once/Dockerfile"
docker build -q --target build -t "$LABS_SANDBOX-quotes:build" "$LABS_WORKSPACE/once"
rm -r "$LABS_WORKSPACE/once"
docker create --name "$LABS_SANDBOX-built" "$LABS_SANDBOX-quotes:build"
docker cp "$LABS_SANDBOX-built:/quotes" "$LABS_WORKSPACE/quotes"
docker rm "$LABS_SANDBOX-built"
cat > "$LABS_WORKSPACE/Dockerfile" <<'FILE'
FROM scratch
COPY quotes /quotes
COPY edition.go /edition.go
USER 65532:65532
ENTRYPOINT ["/quotes"]
FILE
docker build -q -t "$LABS_SANDBOX-quotes" "$LABS_WORKSPACE"
token=$(docker inspect "$LABS_SANDBOX-quotes" --type container --format "{{range .Config.Env}}{{println .}}{{end}}" | sed -n "s/^ADMIN_TOKEN=//p")
docker rm -f "$LABS_SANDBOX-quotes"
docker run -d --name "$LABS_SANDBOX-quotes" --network "$LABS_NETWORK" --network-alias quotes -e ADMIN_TOKEN="$token" "$LABS_SANDBOX-quotes"
