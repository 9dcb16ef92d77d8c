package serve

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"labs.dev/go-app/internal/attempt"
	"labs.dev/go-app/internal/env"
	"labs.dev/go-app/internal/proof"
)

const secret = "secret"

// service is a running server and the addresses of its ports.
type service struct {
	*Server
	main, admin string
}

func newService(t *testing.T, vars map[string]string) service {
	t.Helper()
	v := env.New(func(key string) (string, bool) {
		switch value, ok := vars[key]; {
		case ok:
			return value, true
		case key == "PORT" || key == "ADMIN_PORT":
			return "0", true
		case key == "ADMIN_TOKEN":
			return secret, true
		}
		return "", false
	})
	c := Configure(v, "v1")
	if errs := v.Errors(); len(errs) > 0 {
		t.Fatal(errs)
	}
	s := service{Server: New(c, slog.New(slog.DiscardHandler))}
	s.admin = listen(t, s.ListenAdmin)
	s.main = listen(t, s.ListenMain)
	s.warm.Store(true)
	t.Cleanup(func() {
		s.gate.wedge(0)
		s.Server.main.Close()
		s.Server.admin.Close()
	})
	return s
}

func listen(t *testing.T, open func() (net.Addr, error)) string {
	t.Helper()
	addr, err := open()
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("http://127.0.0.1:%d", addr.(*net.TCPAddr).Port)
}

func do(method, url, body string, timeout time.Duration) attempt.Outcome {
	return attempt.Do(attempt.Client(&net.Dialer{}, false), attempt.Request{
		Method: method, URL: url, Body: []byte(body), Timeout: timeout, Keep: 64 << 10,
		Header: map[string]string{"X-Lab-Token": secret, proof.NonceHeader: "n"},
	})
}

func get(url string) attempt.Outcome { return do("GET", url, "", 5*time.Second) }

func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	deadline := time.Now().Add(5 * time.Second)
	for !ok() {
		if time.Now().After(deadline) {
			t.Fatal("not in time: " + what)
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// ledger is a dependency that can be switched off.
func ledger(t *testing.T) (url string, answer *atomic.Value) {
	t.Helper()
	answer = &atomic.Value{}
	answer.Store("record")
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch answer.Load() {
		case "record":
			var c struct{ ID string }
			json.NewDecoder(r.Body).Decode(&c)
			fmt.Fprintf(w, `{"id":%q,"recorded":true}`, c.ID)
		case "lie": // answers 200 to everything
			io.WriteString(w, `{}`)
		case "fail":
			w.WriteHeader(503)
		case "slow":
			io.Copy(io.Discard, r.Body) // a server sees its client leave only behind the body
			<-r.Context().Done()
		}
	}))
	t.Cleanup(server.Close)
	return server.URL, answer
}

func TestEndpoints(t *testing.T) {
	s := newService(t, map[string]string{"WORK_MS": "1"})
	for path, want := range map[string]string{
		"/livez": `{"status":"ok"}`, "/healthz": "ok", "/readyz": "ok", "/startupz": "ok", "/version": `"v1"`, "/whoami": `"uid":`,
		"/nonce?v=x": proof.Sum(secret, "x"), "/work": `"ms":1`, "/burn?ms=2&fanout=2": `"fanout":2`, "/slow?ms=1": `"ms":1`,
		"/config": `"WORK_MS":{"value":"1","source":"env"}`, "/metrics": "http_requests_in_flight",
	} {
		o := get(s.main + path)
		if o.Status != 200 || !strings.Contains(string(o.Body), want) {
			t.Errorf("%s: got %d %s", path, o.Status, o.Body)
		}
		if o.Header.Get("X-Version") != "v1" || o.Header.Get("X-Pod") == "" || o.Header.Get("X-Proof") != proof.Sum(secret, "n") {
			t.Errorf("%s: got headers %v", path, o.Header)
		}
	}
	for path, status := range map[string]int{"/nope": 404, "/work?ms=x": 400, "/burn?fanout=0": 400, "/slow?ms=-1": 400, "/pay": 405, "/dep": 503} {
		if o := get(s.main + path); o.Status != status || o.Header.Get("X-Pod") == "" {
			t.Errorf("%s: got %d, want %d", path, o.Status, status)
		}
	}
	if strings.Contains(string(get(s.main+"/config").Body), secret) {
		t.Error("/config shows the token")
	}
	if o := do("GET", s.main+"/hang", "", 50*time.Millisecond); o.Kind != attempt.Timeout {
		t.Errorf("/hang: got %s", o.Kind)
	}
}

func TestHealthChecks(t *testing.T) {
	url, answer := ledger(t)
	s := newService(t, map[string]string{"DEP_ADDR": strings.TrimPrefix(url, "http://"), "DEP_TIMEOUT": "50ms", "HEALTHZ_CHECKS": "self", "READYZ_CHECKS": "self,dep,warm"})
	expect := func(path string, status int, word string) {
		t.Helper()
		if o := get(s.main + path); o.Status != status || !strings.Contains(string(o.Body), word) {
			t.Errorf("%s: got %d %s, want %d %s", path, o.Status, o.Body, status, word)
		}
	}
	expect("/readyz", 200, "ok")
	for _, mode := range []string{"fail", "slow"} {
		answer.Store(mode)
		expect("/readyz", 503, `"dep"`)
		expect("/dep", 503, `"dep"`)
		expect("/healthz", 200, "ok")
		expect("/livez", 200, "ok")
	}
	answer.Store("record")
	s.warm.Store(false)
	expect("/readyz", 503, `"warm"`)
	expect("/startupz", 503, `"warm"`)
	s.warm.Store(true)
	s.draining.Store(true)
	expect("/readyz", 503, `"draining"`)
}

func TestPay(t *testing.T) {
	url, answer := ledger(t)
	s := newService(t, map[string]string{"DEP_ADDR": url, "DEP_TIMEOUT": "50ms"})
	for mode, status := range map[string]int{"record": 200, "lie": 503, "fail": 503, "slow": 503} {
		answer.Store(mode)
		if o := do("POST", s.main+"/pay", `{"id":"a"}`, 5*time.Second); o.Status != status {
			t.Errorf("%s: got %d %s, want %d", mode, o.Status, o.Body, status)
		}
	}
	for _, body := range []string{"", "{}", `{"id":1}`} {
		if o := do("POST", s.main+"/pay", body, 5*time.Second); o.Status != 400 {
			t.Errorf("%q: got %d", body, o.Status)
		}
	}
}

func TestDeadlockExpires(t *testing.T) {
	s := newService(t, nil)
	running := make(chan attempt.Outcome, 1)
	go func() { running <- do("GET", s.main+"/slow?ms=100", "", 200*time.Millisecond) }()
	eventually(t, "a request in flight", func() bool { return s.inflight.Load() == 1 })
	if o := do("POST", s.admin+"/admin/deadlock?for=700ms", "", time.Second); o.Status != 200 {
		t.Fatalf("got %d %s", o.Status, o.Body)
	}
	if o := <-running; o.Kind != attempt.Timeout {
		t.Errorf("a request that was running: got %s, want it caught too", o.Kind)
	}
	if o := do("GET", s.main+"/livez", "", 100*time.Millisecond); o.Kind != attempt.Timeout {
		t.Errorf("/livez: got %s %d", o.Kind, o.Status)
	}
	if o := get(s.admin + "/admin/ping"); o.Status != 200 || !strings.Contains(string(o.Body), `"inflight":2`) {
		t.Errorf("ping: got %s, want two wedged requests whose clients have gone", o.Body)
	}
	start := time.Now()
	if o := get(s.main + "/livez"); o.Status != 200 || time.Since(start) > 3*time.Second {
		t.Errorf("after expiry: got %s %d after %s", o.Kind, o.Status, time.Since(start))
	}
	eventually(t, "the wedged requests ended", func() bool { return s.inflight.Load() == 0 })
}

func TestDeadlockHoldsShutdown(t *testing.T) {
	s := newService(t, map[string]string{"SHUTDOWN_TIMEOUT": "200ms"})
	s.gate.wedge(time.Minute)
	do("GET", s.main+"/livez", "", 50*time.Millisecond)
	start := time.Now()
	if err := s.Shutdown(); err == nil || time.Since(start) < 200*time.Millisecond {
		t.Errorf("got %v after %s, want the timeout", err, time.Since(start))
	}
}

func TestShutdownDrains(t *testing.T) {
	s := newService(t, map[string]string{"DRAIN_DELAY": "300ms", "SHUTDOWN_TIMEOUT": "5s"})
	done := make(chan error, 1)
	go func() { done <- s.Shutdown() }()
	eventually(t, "readiness is off", func() bool { return get(s.main+"/readyz").Status == 503 })
	slow := make(chan attempt.Outcome, 1)
	go func() { slow <- get(s.main + "/slow?ms=600") }()
	if o := get(s.main + "/version"); o.Status != 200 {
		t.Errorf("while draining: got %s %d", o.Kind, o.Status)
	}
	if o := <-slow; o.Status != 200 {
		t.Errorf("a request in flight: got %s %d", o.Kind, o.Status)
	}
	if err := <-done; err != nil {
		t.Error(err)
	}
	if o := get(s.main + "/version"); o.Kind != attempt.Refused {
		t.Errorf("afterwards: got %s", o.Kind)
	}
}

func TestAdminReady(t *testing.T) {
	s := newService(t, nil)
	ready := func(query string, status int) {
		t.Helper()
		if o := do("POST", s.admin+"/admin/ready"+query, "", time.Second); o.Status != status {
			t.Errorf("%s: got %d %s", query, o.Status, o.Body)
		}
	}
	ready("?value=false&for=200ms", 200)
	if o := get(s.main + "/readyz"); o.Status != 503 {
		t.Errorf("got %d", o.Status)
	}
	eventually(t, "it expires", func() bool { return get(s.main+"/readyz").Status == 200 })
	ready("?value=false", 200)
	ready("?value=true", 200)
	if o := get(s.main + "/readyz"); o.Status != 200 {
		t.Errorf("got %d", o.Status)
	}
	ready("?value=maybe", 400)
	ready("?value=false&for=1h", 400)
}

func TestAdminNeedsToken(t *testing.T) {
	for name, token := range map[string]string{"configured": secret, "not configured": ""} {
		s := newService(t, map[string]string{"ADMIN_TOKEN": token})
		for _, path := range []string{"/", "/livez", "/admin/ping", "/admin/cgroup"} {
			resp, err := http.Get(s.admin + path)
			if err != nil {
				t.Fatal(err)
			}
			resp.Body.Close()
			if resp.StatusCode != 401 {
				t.Errorf("token %s, %s: got %d", name, path, resp.StatusCode)
			}
		}
	}
}
