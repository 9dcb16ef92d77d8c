package dep

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"labs.dev/go-app/internal/attempt"
	"labs.dev/go-app/internal/process"
	"labs.dev/go-app/internal/target"
)

// newServer runs a ledger whose main port is synced as in the role.
func newServer(t *testing.T) (*Server, string) {
	t.Helper()
	s := New(nil, "secret", slog.New(slog.DiscardHandler))
	addr, err := s.Listen(0)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		for ctx.Err() == nil {
			s.Sync()
			time.Sleep(10 * time.Millisecond)
		}
	}()
	t.Cleanup(func() { cancel(); s.Close() })
	return s, "http://127.0.0.1:" + addr[strings.LastIndex(addr, ":")+1:]
}

func admin(t *testing.T, s *Server, method, path string) map[string]any {
	t.Helper()
	r := httptest.NewRequest(method, path, nil)
	r.Header.Set("X-Lab-Token", "secret")
	w := httptest.NewRecorder()
	s.Admin().ServeHTTP(w, r)
	if w.Code != http.StatusOK {
		t.Fatalf("%s %s: %d %s", method, path, w.Code, w.Body)
	}
	var state map[string]any
	if err := json.Unmarshal(w.Body.Bytes(), &state); err != nil {
		t.Fatal(err)
	}
	return state
}

func TestFaultModesExpire(t *testing.T) {
	s, url := newServer(t)
	client := attempt.Client(target.Dialer(), false)
	charge := func(path string) attempt.Outcome {
		return attempt.Do(client, attempt.Request{Method: "POST", URL: url + path, Body: []byte(`{"id":"a"}`), Timeout: 150 * time.Millisecond, Keep: 100})
	}
	for mode, want := range map[string]string{
		"fail": attempt.Status, "slow&ms=5000": attempt.Timeout, "slow&ms=1": attempt.OK, "blackhole": attempt.Timeout, "refuse": attempt.Refused,
	} {
		if o := charge("/charge"); o.Kind != attempt.OK {
			t.Fatalf("before %s: %s %s", mode, o.Kind, o.Detail)
		}
		state := admin(t, s, "POST", "/admin/fault?for=400ms&mode="+mode)
		if state["mode"] != strings.Split(mode, "&")[0] || state["source"] != "manual" {
			t.Errorf("%s: got %v", mode, state)
		}
		if o := charge("/charge"); o.Kind != want {
			t.Errorf("%s: got %s %s, want %s", mode, o.Kind, o.Detail, want)
		}
		deadline := time.Now().Add(5 * time.Second)
		for charge("/charge").Kind != attempt.OK {
			if time.Now().After(deadline) {
				t.Fatalf("%s did not expire", mode)
			}
			time.Sleep(10 * time.Millisecond)
		}
		admin(t, s, "DELETE", "/admin/fault")
	}
	state := admin(t, s, "GET", "/admin/state")
	requests := state["requests"].(map[string]any)
	if requests["ok"].(float64) < 5 || requests["failed"].(float64) < 3 {
		t.Errorf("requests are not counted: %v", state)
	}
}

func TestEndpoints(t *testing.T) {
	s, url := newServer(t)
	for _, tt := range []struct {
		method, path, body string
		status             int
		want               string
	}{
		{"POST", "/charge", `{"id":"a"}`, 200, `"duplicate":false`},
		{"POST", "/charge", `{"id":"a"}`, 200, `"duplicate":true`},
		{"POST", "/charge", `{}`, 400, "id"},
		{"POST", "/charge", `nope`, 400, "error"},
		{"GET", "/healthz", "", 200, "ok"},
		{"GET", "/livez", "", 200, "ok"},
		{"GET", "/entries", "", 200, `{"total":1,"duplicates":1}`},
		{"GET", "/entries?since=2000-01-01T00:00:00Z", "", 200, `{"total":1,"duplicates":1}`},
		{"GET", "/entries?since=99999999999.5", "", 200, `{"total":0,"duplicates":0}`},
		{"GET", "/entries?since=yesterday", "", 400, "since"},
	} {
		o := attempt.Do(http.DefaultClient, attempt.Request{Method: tt.method, URL: url + tt.path, Body: []byte(tt.body), Timeout: time.Second, Keep: 1000})
		if o.Status != tt.status || !strings.Contains(string(o.Body), tt.want) {
			t.Errorf("%s %s: got %d %s", tt.method, tt.path, o.Status, o.Body)
		}
	}
	w := httptest.NewRecorder()
	s.Admin().ServeHTTP(w, httptest.NewRequest("GET", "/admin/state", nil))
	if w.Code != http.StatusUnauthorized {
		t.Errorf("admin without a token: got %d", w.Code)
	}
}

func TestScheduleOverHTTP(t *testing.T) {
	schedule, err := ParseSchedule("every=1h,for=1h,mode=fail")
	if err != nil {
		t.Fatal(err)
	}
	s := New(schedule, "secret", slog.New(slog.DiscardHandler))
	defer s.Close()
	if _, err := s.Listen(0); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ method, path, mode string }{
		{"GET", "/admin/state", ModeFail},
		{"POST", "/admin/schedule/pause?for=60s", ModeNone},
		{"POST", "/admin/schedule/resume", ModeFail},
		{"POST", "/admin/fault?mode=slow&for=1m", ModeSlow},
		{"DELETE", "/admin/fault", ModeFail},
	} {
		if got := admin(t, s, tt.method, tt.path); got["mode"] != tt.mode || got["schedule"] == nil {
			t.Errorf("%s %s: got %v", tt.method, tt.path, got)
		}
	}
}

func TestRun(t *testing.T) {
	run := func(env map[string]string) (int, string) {
		var out bytes.Buffer
		signals := make(chan os.Signal, 1)
		signals <- syscall.SIGTERM
		code := Run(&process.Process{Stdout: &out, Stderr: io.Discard, Signals: signals, Lookup: func(key string) (string, bool) {
			value, ok := env[key]
			return value, ok
		}})
		return code, out.String()
	}
	if code, out := run(map[string]string{"PORT": "0", "ADMIN_PORT": "0"}); code != 0 {
		t.Errorf("exit %d: %s", code, out)
	}
	code, out := run(map[string]string{"PORT": "80a", "FAIL_SCHEDULE": "x"})
	if code != 1 || !strings.Contains(out, "config: PORT") || !strings.Contains(out, "config: FAIL_SCHEDULE") {
		t.Errorf("exit %d: %s", code, out)
	}
}
