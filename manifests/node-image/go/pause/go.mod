module dev.labs/node-image/pause

go 1.26.0
