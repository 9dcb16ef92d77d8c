package target

import (
	"errors"
	"net"
	"testing"
)

func TestControl(t *testing.T) {
	for address, allowed := range map[string]bool{
		"127.0.0.1:80": true, "10.96.0.1:80": true, "172.18.0.2:8080": true, "192.168.1.1:80": true, "[::1]:80": true, "[fd00::1]:80": true,
		"[::ffff:10.0.0.1]:80": true,
		"8.8.8.8:80":           false, "169.254.169.254:80": false, "172.32.0.1:80": false, "0.0.0.0:80": false, "[2001:4860:4860::8888]:53": false,
		"[::ffff:8.8.8.8]:80": false, "nonsense": false,
	} {
		if err := control("tcp", address, nil); (err == nil) != allowed || (err != nil && !errors.Is(err, ErrRefused)) {
			t.Errorf("%s: got %v", address, err)
		}
	}
}

func TestDialerRefusesBeforeConnecting(t *testing.T) {
	if _, err := Dialer().Dial("tcp", "192.0.2.1:80"); !errors.Is(err, ErrRefused) {
		t.Errorf("got %v", err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	conn, err := Dialer().Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	conn.Close()
}
