package attempt

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"labs.dev/go-app/internal/proof"
	"labs.dev/go-app/internal/target"
)

func TestKind(t *testing.T) {
	for want, errs := range map[string][]error{
		OK:            {nil},
		Refused:       {&net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}},
		Reset:         {syscall.ECONNRESET, fmt.Errorf("write: %w", syscall.EPIPE), errors.New("http: server closed idle connection")},
		Timeout:       {context.DeadlineExceeded, &net.OpError{Op: "dial", Err: context.DeadlineExceeded}},
		EOF:           {io.EOF, fmt.Errorf("read: %w", io.ErrUnexpectedEOF)},
		DNS:           {&net.DNSError{IsNotFound: true}, &net.DNSError{IsTimeout: true}},
		Unreachable:   {syscall.EHOSTUNREACH, syscall.ENETUNREACH},
		RefusedTarget: {fmt.Errorf("dial: %w", target.ErrRefused)},
		Other:         {errors.New("odd")},
	} {
		for _, err := range errs {
			if got := Kind(err); got != want {
				t.Errorf("%v: got %s, want %s", err, got, want)
			}
		}
	}
}

// drop closes the connection of a request without an answer.
func drop(w http.ResponseWriter, linger int) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return
	}
	if tcp, ok := conn.(*net.TCPConn); ok && linger >= 0 {
		tcp.SetLinger(linger)
	}
	conn.Close()
}

func TestDo(t *testing.T) {
	const key = "k"
	mux := http.NewServeMux()
	mux.HandleFunc("/ok", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set(proof.ProofHeader, proof.Sum(key, r.Header.Get(proof.NonceHeader)))
		fmt.Fprintf(w, "%s %s %s", r.Method, r.Host, r.Header.Get("X-A"))
	})
	mux.HandleFunc("/impostor", func(http.ResponseWriter, *http.Request) {})
	mux.HandleFunc("/bad", func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "no", 503) })
	mux.HandleFunc("/moved", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/ok", 302) })
	mux.HandleFunc("/eof", func(w http.ResponseWriter, _ *http.Request) { drop(w, -1) })
	mux.HandleFunc("/reset", func(w http.ResponseWriter, _ *http.Request) { drop(w, 0) })
	mux.HandleFunc("/short", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "100")
		io.WriteString(w, "part")
	})
	mux.HandleFunc("/slow", func(_ http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body) // a server sees its client leave only behind the body
		<-r.Context().Done()
	})
	server := httptest.NewServer(mux)
	defer server.Close()
	for _, tt := range []struct {
		path, key, kind string
		status          int
	}{
		{"/ok", "", OK, 200},
		{"/ok", key, OK, 200},
		{"/ok", "other", Proof, 200},
		{"/impostor", key, Proof, 200},
		{"/bad", key, Status, 503},
		{"/moved", "", Status, 302},
		{"/eof", "", EOF, 0},
		{"/reset", "", Reset, 0},
		{"/short", "", EOF, 200},
		{"/slow", "", Timeout, 0},
	} {
		for _, kept := range []bool{false, true} {
			o := Do(Client(target.Dialer(), kept), Request{
				Method: "POST", URL: server.URL + tt.path, Key: tt.key, Timeout: 300 * time.Millisecond, Keep: 100,
				Header: map[string]string{"host": "shop", "X-A": "b"}, Body: []byte("x"),
			})
			if o.Kind != tt.kind || o.Status != tt.status {
				t.Errorf("%s kept=%t: got %s %d (%s)", tt.path, kept, o.Kind, o.Status, o.Detail)
			}
			if tt.path == "/ok" && string(o.Body) != "POST shop b" {
				t.Errorf("the request was not sent as given: %s", o.Body)
			}
		}
	}
}

// A kept connection that the server drops loses a POST, and must be counted.
func TestDoCountsAPostOnADroppedConnection(t *testing.T) {
	var n atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		if n.Add(1) == 2 {
			drop(w, -1)
		}
	}))
	defer server.Close()
	client := Client(target.Dialer(), true)
	r := Request{Method: "POST", URL: server.URL, Body: []byte("x"), Timeout: time.Second}
	first, second := Do(client, r), Do(client, r)
	if first.Kind != OK || (second.Kind != EOF && second.Kind != Reset) || n.Load() != 2 {
		t.Errorf("got %s, %s (%s) after %d requests", first.Kind, second.Kind, second.Detail, n.Load())
	}
}

// A GET is sent again by net/http: it succeeds, and says that it was.
func TestDoTellsOfARetry(t *testing.T) {
	var n atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if n.Add(1) == 2 {
			drop(w, -1)
		}
	}))
	defer server.Close()
	client := Client(target.Dialer(), true)
	r := Request{Method: "GET", URL: server.URL, Timeout: time.Second}
	first, second := Do(client, r), Do(client, r)
	if first.Kind != OK || first.Retried || second.Kind != OK || !second.Retried {
		t.Errorf("got %s %t, %s %t", first.Kind, first.Retried, second.Kind, second.Retried)
	}
}

func TestDoCutsTheBody(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		io.WriteString(w, strings.Repeat("x", 10_000))
	}))
	defer server.Close()
	o := Do(Client(target.Dialer(), false), Request{Method: "GET", URL: server.URL, Timeout: time.Second, Keep: 4096})
	if o.Kind != OK || len(o.Body) != 4096 {
		t.Errorf("got %s and %d bytes", o.Kind, len(o.Body))
	}
}
