package serve

import (
	"bytes"
	"io"
	"os"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"labs.dev/go-app/internal/process"
)

// output is a buffer that the role and the test share.
type output struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.String()
}

func role(vars map[string]string, signals chan os.Signal) (*process.Process, *output) {
	out := &output{}
	return &process.Process{Version: "v1", Stdout: out, Stderr: io.Discard, Signals: signals, Lookup: func(key string) (string, bool) {
		if value, ok := vars[key]; ok {
			return value, true
		}
		return "0", key == "PORT" || key == "ADMIN_PORT"
	}}, out
}

func TestRunReportsEveryConfigError(t *testing.T) {
	p, out := role(map[string]string{"PORT": "80a", "READYZ_CHECKS": "dep", "SIGTERM": "loud", "DEP_ADDR": "", "DRAIN_DELAY": "5"}, nil)
	if code := Run(p); code != 1 {
		t.Errorf("exit %d", code)
	}
	for _, text := range []string{`config: PORT: strconv.Atoi: parsing \"80a\": invalid syntax`, "config: READYZ_CHECKS: the check dep needs DEP_ADDR", "config: SIGTERM:", "config: DRAIN_DELAY:"} {
		if !strings.Contains(out.String(), text) {
			t.Errorf("%s is missing in %s", text, out)
		}
	}
}

func TestRunOnSIGTERM(t *testing.T) {
	for mode, want := range map[string]struct {
		code int
		log  string
	}{"graceful": {0, "shutdown complete"}, "immediate": {0, "sigterm received"}} {
		signals := make(chan os.Signal, 1)
		p, out := role(map[string]string{"SIGTERM": mode, "AUTOMAXPROCS": "1"}, signals)
		done := make(chan int, 1)
		go func() { done <- Run(p) }()
		eventually(t, "it listens", func() bool { return strings.Contains(out.String(), `"port":"main"`) })
		signals <- syscall.SIGTERM
		if code := <-done; code != want.code || !strings.Contains(out.String(), want.log) {
			t.Errorf("%s: exit %d, %s", mode, code, out)
		}
	}
}

func TestRunIgnoresSIGTERM(t *testing.T) {
	signals := make(chan os.Signal, 1)
	p, out := role(map[string]string{"SIGTERM": "ignore"}, signals)
	done := make(chan int, 1)
	go func() { done <- Run(p) }() // runs until the test process ends
	signals <- syscall.SIGTERM
	eventually(t, "it heard the signal", func() bool { return strings.Contains(out.String(), "sigterm received") })
	select {
	case code := <-done:
		t.Errorf("it left with %d", code)
	case <-time.After(50 * time.Millisecond):
	}
}

func TestSlowStart(t *testing.T) {
	for _, tt := range []struct {
		async string
		first string
	}{{"0", "warm"}, {"1", `"port":"main"`}} {
		signals := make(chan os.Signal, 1)
		p, out := role(map[string]string{"SLOW_START": "100ms", "WARMUP_ASYNC": tt.async}, signals)
		done := make(chan int, 1)
		go func() { done <- Run(p) }()
		eventually(t, "it is warm and listens", func() bool {
			return strings.Contains(out.String(), `"warm"`) && strings.Contains(out.String(), `"port":"main"`)
		})
		if log := out.String(); strings.Index(log, tt.first) > max(strings.Index(log, `"warm"`), strings.Index(log, `"port":"main"`)) ||
			(strings.Index(log, `"warm"`) < strings.Index(log, `"port":"main"`)) != (tt.first == "warm") {
			t.Errorf("WARMUP_ASYNC=%s: wrong order: %s", tt.async, log)
		}
		signals <- syscall.SIGTERM
		<-done
	}
}

func TestDepURL(t *testing.T) {
	for addr, want := range map[string]string{"": "", "ledger:8080": "http://ledger:8080", "http://ledger:8080/": "http://ledger:8080", "ftp://x": "!", "http://": "!"} {
		got, err := depURL(addr)
		if (err != nil) != (want == "!") || (err == nil && got != want) {
			t.Errorf("%q: got %q, %v", addr, got, err)
		}
	}
}
