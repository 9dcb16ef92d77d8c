# variants: wrapped
# The wrapper stays, and passes the signal on.
sed -i '/^\/app/d' "$LABS_WORKSPACE/entry.sh"
cat >> "$LABS_WORKSPACE/entry.sh" <<'FILE'
/app "$@" &
pid=$!
trap 'kill -TERM "$pid"' TERM
set +e
wait "$pid"
code=$?
# The signal ended that wait, and not the service.
if [ "$code" -gt 128 ]; then
  wait "$pid"
  code=$?
fi
exit "$code"
FILE
