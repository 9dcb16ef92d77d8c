# Debian 13 with a C compiler, and the Go toolchain. Nothing can be fetched in a sandbox: what a small service needs of the standard library
# is compiled already, with and without cgo.
FROM scratch
ADD root.tar /
COPY go /usr/local/go
ENV PATH=/go/bin:/usr/local/go/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    GOPATH=/go GOTOOLCHAIN=local GOPROXY=off GOFLAGS=-buildvcs=false
RUN for cgo in 0 1; do CGO_ENABLED=$cgo go build net/http crypto/hmac encoding/hex log/slog os/signal os/user flag; done \
 && for arch in amd64 arm64; do CGO_ENABLED=0 GOARCH=$arch go build net/http crypto/hmac encoding/hex log/slog os/signal os/user flag; done
WORKDIR /go
CMD [ "bash" ]
