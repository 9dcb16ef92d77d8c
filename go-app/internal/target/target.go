// Package target keeps the load generator inside the sandbox.
package target

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"syscall"
	"time"
)

// ErrRefused means that the address is not a private or loopback one.
var ErrRefused = errors.New("refused target: not a private or loopback address")

// Dialer returns a dialer that connects to private and loopback addresses
// only. It looks at the resolved address just before connecting, so that no
// name, redirect or second lookup gets around it.
func Dialer() *net.Dialer {
	return &net.Dialer{Timeout: time.Minute, Control: control}
}

func control(_, address string, _ syscall.RawConn) error {
	ap, err := netip.ParseAddrPort(address)
	if err != nil {
		return fmt.Errorf("%w: %s", ErrRefused, address)
	}
	if ip := ap.Addr().Unmap(); !ip.IsPrivate() && !ip.IsLoopback() {
		return fmt.Errorf("%w: %s", ErrRefused, ip)
	}
	return nil
}
