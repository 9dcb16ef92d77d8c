# Nothing but the program is needed.
rm -f "$LABS_WORKSPACE/entry.sh"
printf 'FROM labs/go-app:v1\nCMD ["serve"]\n' > "$LABS_WORKSPACE/Dockerfile"
