# caught-by: stage-intact
docker rm -f "$LABS_SANDBOX-clients"
