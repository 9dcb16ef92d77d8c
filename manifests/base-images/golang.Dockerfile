# Debian 13 with a C compiler, and the Go toolchain. Nothing can be fetched in a sandbox: what a small service needs of the standard library
# is compiled already: with cgo, without it, and for one machine that is none of ours.
FROM scratch
ADD root.tar /
COPY go /usr/local/go
ENV PATH=/go/bin:/usr/local/go/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    GOPATH=/go GOTOOLCHAIN=local GOPROXY=off GOFLAGS=-buildvcs=false
RUN for target in "$(go env GOARCH):0" "$(go env GOARCH):1" mips:0; do \
      GOARCH=${target%:*} CGO_ENABLED=${target#*:} go build net/http crypto/hmac encoding/hex log/slog os/signal os/user flag; \
    done
WORKDIR /go
CMD [ "bash" ]
