package attempt

import (
	"context"
	"errors"
	"io"
	"net"
	"strings"
	"syscall"

	"labs.dev/go-app/internal/target"
)

// Kinds of outcome. Everything but OK is a failure.
const (
	OK            = "ok"
	Status        = "status"
	Refused       = "refused"
	Reset         = "reset"
	Timeout       = "timeout"
	EOF           = "eof"
	DNS           = "dns"
	Unreachable   = "unreachable"
	Proof         = "proof"
	RefusedTarget = "refused-target"
	Other         = "other"
)

// Kinds lists every kind, so that a report can show zeros.
var Kinds = []string{OK, Status, Refused, Reset, Timeout, EOF, DNS, Unreachable, Proof, RefusedTarget, Other}

// Kind names the cause of a transport error.
func Kind(err error) string {
	var dns *net.DNSError
	var network net.Error
	switch {
	case err == nil:
		return OK
	case errors.Is(err, target.ErrRefused):
		return RefusedTarget
	case errors.As(err, &dns):
		return DNS
	case errors.Is(err, syscall.ECONNREFUSED):
		return Refused
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		return Reset
	case errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.ENETUNREACH):
		return Unreachable
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &network) && network.Timeout():
		return Timeout
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return EOF
	case strings.Contains(err.Error(), "server closed idle connection"):
		return Reset // net/http does not export this error
	}
	return Other
}
