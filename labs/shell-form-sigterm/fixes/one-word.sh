# variants: wrapped
# The wrapper becomes the service.
sed -i 's|^/app "\$@"|exec /app "$@"|' "$LABS_WORKSPACE/entry.sh"
grep -q '^exec /app' "$LABS_WORKSPACE/entry.sh"
