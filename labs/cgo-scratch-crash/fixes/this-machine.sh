# variants: foreign
# The argument stays for those who need it; without one it is this machine.
sed -i -e 's/^ARG GOARCH=.*/ARG GOARCH/' -e 's/GOARCH=\$GOARCH go/GOARCH=${GOARCH:-$(go env GOHOSTARCH)} go/' "$LABS_WORKSPACE/Dockerfile"
