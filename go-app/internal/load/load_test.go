package load

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"labs.dev/go-app/internal/attempt"
	"labs.dev/go-app/internal/process"
	"labs.dev/go-app/internal/proof"
)

const key = "secret"

// service answers like the sample service, or as its path says.
func service(t *testing.T) string {
	t.Helper()
	mux := http.NewServeMux()
	mux.HandleFunc("/ok", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Pod", "pod-1")
		w.Header().Set("X-Version", "v1")
		w.Header().Set(proof.ProofHeader, proof.Sum(key, r.Header.Get(proof.NonceHeader)))
	})
	mux.HandleFunc("/impostor", func(http.ResponseWriter, *http.Request) {})
	mux.HandleFunc("/bad", func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "no", 503) })
	mux.HandleFunc("/slow", func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-r.Context().Done():
		case <-time.After(300 * time.Millisecond):
		}
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server.URL
}

func closedPort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return "http://" + l.Addr().String()
}

func finish(t *testing.T, spec Spec) Result {
	t.Helper()
	if err := spec.complete(); err != nil {
		t.Fatal(err)
	}
	r := start(spec, make(chan struct{}, maxInflight))
	select {
	case <-r.done:
	case <-time.After(10 * time.Second):
		t.Fatal("the run did not end by itself")
	}
	return r.recorder.result()
}

func TestCounting(t *testing.T) {
	url := service(t)
	for name, tt := range map[string]struct {
		url  string
		kind string
	}{
		"ok":      {url + "/ok", attempt.OK},
		"status":  {url + "/bad", attempt.Status},
		"proof":   {url + "/impostor", attempt.Proof},
		"timeout": {url + "/slow", attempt.Timeout},
		"refused": {closedPort(t), attempt.Refused},
		"public":  {"http://192.0.2.1/", attempt.RefusedTarget},
	} {
		for _, connections := range []string{"new", "kept"} {
			t.Run(name+" "+connections, func(t *testing.T) {
				t.Parallel()
				r := finish(t, Spec{ID: "a", URL: tt.url, Rate: 40, MaxMillis: 300, TimeoutMillis: 200, Connections: connections, Nonce: true, Key: key})
				if r.Sent < 4 || r.Sent > 14 || r.ByKind[tt.kind] != r.Sent || r.Inflight != 0 || r.State != "done" || r.EndedAt == nil {
					t.Errorf("got %+v", r)
				}
				sum := 0
				for _, s := range r.Seconds {
					sum += s.OK + s.Failed
				}
				if sum != r.Sent || r.OK+r.Failed != r.Sent {
					t.Errorf("the parts do not add up: %+v", r)
				}
				if tt.kind == attempt.OK {
					if r.OK != r.Sent || r.ByPod["pod-1"] != r.Sent || r.ByVersion["v1"] != r.Sent || r.ByStatus[200] != r.Sent || r.FirstFailure != nil || r.LatencyMillis.Max <= 0 {
						t.Errorf("got %+v", r)
					}
				} else if r.Failed != r.Sent || r.FirstFailure == nil || r.FirstFailure.Kind != tt.kind || r.LastFailure.At.Before(r.FirstFailure.At) {
					t.Errorf("got %+v", r)
				}
			})
		}
	}
}

func TestClosedLoop(t *testing.T) {
	var now, most atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		if n := now.Add(1); n > most.Load() {
			most.Store(n)
		}
		time.Sleep(20 * time.Millisecond)
		now.Add(-1)
	}))
	defer server.Close()
	r := finish(t, Spec{ID: "a", URL: server.URL, Concurrency: 3, MaxMillis: 400, Connections: "kept"})
	if r.Failed != 0 || most.Load() > 3 || r.CompletedPerSecond == nil || *r.CompletedPerSecond < 20 || *r.CompletedPerSecond > 160 {
		t.Errorf("at most %d at once, got %+v", most.Load(), r)
	}
}

func TestClosedLoopDoesNotSpinOnFailures(t *testing.T) {
	r := finish(t, Spec{ID: "a", URL: closedPort(t), Concurrency: 64, MaxMillis: 500})
	if r.Sent > maxRate {
		t.Errorf("sent %d in half a second", r.Sent)
	}
}

func TestInflightIsBounded(t *testing.T) {
	spec := Spec{ID: "a", URL: service(t) + "/slow", Rate: 100, MaxMillis: 200}
	if err := spec.complete(); err != nil {
		t.Fatal(err)
	}
	run := start(spec, make(chan struct{}, 2))
	<-run.done
	r := run.recorder.result()
	if r.OK != 2 || r.ByKind[attempt.Other] != r.Sent-2 || !strings.Contains(r.FirstFailure.Detail, "not sent") {
		t.Errorf("got %+v", r)
	}
}

func TestIdempotentBodies(t *testing.T) {
	var mu sync.Mutex
	seen := map[string]int{}
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		var body struct {
			ID     string
			Amount int
		}
		err := json.NewDecoder(r.Body).Decode(&body)
		mu.Lock()
		defer mu.Unlock()
		if err == nil && body.Amount == 7 {
			seen[body.ID]++
		}
	}))
	defer server.Close()
	r := finish(t, Spec{ID: "a", URL: server.URL, Method: "POST", Body: `{"amount":7}`, Idempotent: true, Rate: 50, MaxMillis: 200})
	if r.OK == 0 || len(seen) != r.Sent {
		t.Errorf("%d ids in %d requests", len(seen), r.Sent)
	}
}

func TestQuantile(t *testing.T) {
	sorted := []float32{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}
	for q, want := range map[float64]float64{.5: 5, .95: 10, .99: 10, 1: 10, .1: 1} {
		if got := quantile(sorted, q); got != want {
			t.Errorf("%v: got %v, want %v", q, got, want)
		}
	}
	if quantile(nil, .5) != 0 {
		t.Error("no latencies: want 0")
	}
}

func TestSpecErrorsAreCollected(t *testing.T) {
	bad := Spec{ID: "../x", URL: "ftp://x", Method: "PUT", Rate: 501, Concurrency: 65, Connections: "some", TimeoutMillis: -1, MaxMillis: 600_001, Nonce: true, Idempotent: true}
	err := bad.complete()
	if err == nil {
		t.Fatal("want errors")
	}
	for _, word := range []string{"id:", "url:", "method:", "either", "rate:", "concurrency:", "connections:", "timeoutMs:", "maxMs:", "key:", "idempotent:"} {
		if !strings.Contains(err.Error(), word) {
			t.Errorf("%s is missing in %v", word, err)
		}
	}
	if (&Spec{ID: "a", URL: "http://x", Rate: 1}).complete() == nil {
		t.Error("maxMs is required")
	}
}

func TestPacerGoesOnAfterAPause(t *testing.T) {
	p := newPacer(100)
	p.next = time.Now().Add(-time.Hour)
	p.wait(nil)
	if lag := time.Since(p.next); lag > catchUp {
		t.Errorf("still %s behind", lag)
	}
	stop := make(chan struct{})
	close(stop)
	if p.wait(stop) {
		t.Error("a stopped pacer must not send")
	}
}

func TestAgent(t *testing.T) {
	url := service(t)
	agent := NewAgent()
	defer agent.Close()
	server := httptest.NewServer(agent.Handler(key))
	defer server.Close()
	call := func(method, path, body, token string) (int, map[string]any) {
		t.Helper()
		req, err := http.NewRequest(method, server.URL+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("X-Lab-Token", token)
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		var answer map[string]any
		json.NewDecoder(resp.Body).Decode(&answer)
		return resp.StatusCode, answer
	}
	run := fmt.Sprintf(`{"id":"r1","url":"%s/slow","rate":50,"maxMs":60000,"timeoutMs":2000}`, url)
	if status, _ := call("GET", "/livez", "", ""); status != 200 {
		t.Errorf("livez: %d", status)
	}
	if status, _ := call("POST", "/runs", run, ""); status != 401 {
		t.Errorf("without a token: %d", status)
	}
	if status, answer := call("POST", "/runs", run, key); status != 201 || answer["state"] != "running" {
		t.Fatalf("create: %d %v", status, answer)
	}
	if status, _ := call("POST", "/runs", run, key); status != 409 {
		t.Errorf("same id again: %d", status)
	}
	if status, answer := call("POST", "/runs", `{"id":"r2","what":1}`, key); status != 400 {
		t.Errorf("unknown field: %d %v", status, answer)
	}
	time.Sleep(100 * time.Millisecond)
	if status, answer := call("GET", "/runs/r1", "", key); status != 200 || answer["inflight"].(float64) == 0 {
		t.Errorf("live: %d %v", status, answer)
	}
	status, answer := call("POST", "/runs/r1/stop", "", key)
	if status != 200 || answer["state"] != "done" || answer["inflight"].(float64) != 0 || answer["sent"] != answer["ok"] || answer["sent"].(float64) == 0 {
		t.Errorf("stop: %d %v", status, answer)
	}
	if _, again := call("POST", "/runs/r1/stop", "", key); again["endedAt"] != answer["endedAt"] {
		t.Errorf("a second stop must change nothing: %v", again)
	}
	if status, _ := call("DELETE", "/runs/r1", "", key); status != 204 {
		t.Errorf("delete: %d", status)
	}
	if status, _ := call("GET", "/runs/r1", "", key); status != 404 {
		t.Errorf("after delete: %d", status)
	}
	if status, answer := call("POST", "/request", fmt.Sprintf(`{"url":"%s/ok","nonce":true,"key":"%s"}`, url, key), key); status != 200 || answer["kind"] != "ok" || answer["headers"].(map[string]any)["X-Pod"] != "pod-1" {
		t.Errorf("request: %d %v", status, answer)
	}
	if _, answer := call("POST", "/request", `{"url":"http://192.0.2.1/"}`, key); answer["kind"] != attempt.RefusedTarget {
		t.Errorf("public target: %v", answer)
	}
	if status, _ := call("POST", "/request", `{"url":"file:///etc/passwd"}`, key); status != 400 {
		t.Errorf("no http: %d", status)
	}
}

func TestRole(t *testing.T) {
	run := func(args []string, signal bool, env map[string]string) (int, string) {
		var out bytes.Buffer
		signals := make(chan os.Signal, 1)
		if signal {
			signals <- syscall.SIGTERM
		}
		code := Run(&process.Process{Args: args, Stdout: &out, Stderr: io.Discard, Signals: signals, Lookup: func(key string) (string, bool) {
			value, ok := env[key]
			return value, ok
		}})
		return code, out.String()
	}
	code, out := run([]string{"--url", service(t) + "/ok", "--rate", "50", "--duration", "200ms", "--key", key}, false, nil)
	var r Result
	if err := json.Unmarshal([]byte(out), &r); err != nil || code != 0 || r.OK == 0 || r.OK != r.Sent {
		t.Errorf("once: exit %d, %s", code, out)
	}
	if code, _ := run([]string{"--url", "http://127.0.0.1:1/", "--rate", "1", "--duration", "60s"}, true, nil); code != 0 {
		t.Errorf("once, interrupted: exit %d", code)
	}
	for _, args := range []string{"--rate 1", "--url http://x --rate 1 more", "--nope"} {
		if code, _ := run(strings.Fields(args), false, nil); code != 2 {
			t.Errorf("%s: exit %d", args, code)
		}
	}
	if code, out := run(nil, true, map[string]string{"PORT": "0"}); code != 0 {
		t.Errorf("agent: exit %d, %s", code, out)
	}
	if code, _ := run(nil, true, map[string]string{"PORT": "80a"}); code != 1 {
		t.Errorf("bad port: exit %d", code)
	}
}
