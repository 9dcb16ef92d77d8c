# A final stage on the system that it was compiled on.
sed -i -e '/^ARG GOARCH/d' -e 's/GOARCH=\$GOARCH //' -e 's/^FROM scratch/FROM labs\/debian:13/' "$LABS_WORKSPACE/Dockerfile"
