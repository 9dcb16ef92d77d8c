// Package load generates HTTP load: as an agent that runs on command, or once
// from the command line.
package load

import (
	"fmt"
	"net/http"
	"sync"
	"time"

	"labs.dev/go-app/internal/attempt"
	"labs.dev/go-app/internal/reply"
	"labs.dev/go-app/internal/target"
	"labs.dev/go-app/internal/token"
)

// keepRuns bounds the runs that the agent remembers.
const keepRuns = 64

// Agent holds the runs and serves them over HTTP.
type Agent struct {
	mu    sync.Mutex
	runs  map[string]*run
	slots chan struct{}
}

// NewAgent returns an agent without runs.
func NewAgent() *Agent {
	return &Agent{runs: map[string]*run{}, slots: make(chan struct{}, maxInflight)}
}

// Handler serves the agent. Everything but /livez needs the token.
func (a *Agent) Handler(key string) http.Handler {
	guarded := http.NewServeMux()
	guarded.HandleFunc("POST /runs", a.create)
	guarded.HandleFunc("GET /runs/{id}", a.show)
	guarded.HandleFunc("POST /runs/{id}/stop", a.stop)
	guarded.HandleFunc("DELETE /runs/{id}", a.remove)
	guarded.HandleFunc("POST /request", request)
	mux := http.NewServeMux()
	mux.HandleFunc("GET /livez", func(w http.ResponseWriter, _ *http.Request) {
		reply.JSON(w, http.StatusOK, map[string]string{"status": "ok"})
	})
	mux.Handle("/", token.Require(key, guarded))
	return mux
}

// Close stops every run.
func (a *Agent) Close() {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, r := range a.runs {
		r.end()
	}
}

func (a *Agent) create(w http.ResponseWriter, r *http.Request) {
	var spec Spec
	err := reply.Decode(w, r, &spec)
	if err == nil {
		err = spec.complete()
	}
	if err != nil {
		reply.Error(w, http.StatusBadRequest, err.Error())
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.runs[spec.ID] != nil {
		reply.Error(w, http.StatusConflict, "a run of this id exists: "+spec.ID)
		return
	}
	if len(a.runs) >= keepRuns {
		reply.Error(w, http.StatusTooManyRequests, fmt.Sprintf("%d runs are kept: delete some", keepRuns))
		return
	}
	run := start(spec, a.slots)
	a.runs[spec.ID] = run
	reply.JSON(w, http.StatusCreated, run.recorder.result())
}

func (a *Agent) find(w http.ResponseWriter, r *http.Request) *run {
	a.mu.Lock()
	defer a.mu.Unlock()
	run := a.runs[r.PathValue("id")]
	if run == nil {
		reply.Error(w, http.StatusNotFound, "no run of this id: "+r.PathValue("id"))
	}
	return run
}

func (a *Agent) show(w http.ResponseWriter, r *http.Request) {
	if run := a.find(w, r); run != nil {
		reply.JSON(w, http.StatusOK, run.recorder.result())
	}
}

// stop answers with the final result, once nothing is in flight any more.
func (a *Agent) stop(w http.ResponseWriter, r *http.Request) {
	run := a.find(w, r)
	if run == nil {
		return
	}
	run.end()
	select {
	case <-run.done:
		reply.JSON(w, http.StatusOK, run.recorder.result())
	case <-r.Context().Done():
	}
}

func (a *Agent) remove(w http.ResponseWriter, r *http.Request) {
	run := a.find(w, r)
	if run == nil {
		return
	}
	run.end()
	a.mu.Lock()
	delete(a.runs, run.spec.ID)
	a.mu.Unlock()
	w.WriteHeader(http.StatusNoContent)
}

// request makes one request and says how it ended.
func request(w http.ResponseWriter, r *http.Request) {
	var q struct {
		URL           string            `json:"url"`
		Method        string            `json:"method"`
		Body          string            `json:"body"`
		Headers       map[string]string `json:"headers"`
		TimeoutMillis int               `json:"timeoutMs"`
		Nonce         bool              `json:"nonce"`
		Key           string            `json:"key"`
	}
	err := reply.Decode(w, r, &q)
	if err == nil {
		err = validURL(q.URL)
	}
	if q.TimeoutMillis == 0 {
		q.TimeoutMillis = defaultTimeout
	}
	if err == nil && (q.TimeoutMillis < 0 || q.TimeoutMillis > maxTimeout) {
		err = fmt.Errorf("timeoutMs: %d is not between 1 and %d", q.TimeoutMillis, maxTimeout)
	}
	if err == nil && q.Nonce && q.Key == "" {
		err = fmt.Errorf("key: is needed with nonce")
	}
	if err != nil {
		reply.Error(w, http.StatusBadRequest, err.Error())
		return
	}
	if !q.Nonce {
		q.Key = ""
	}
	o := attempt.Do(attempt.Client(target.Dialer(), false), attempt.Request{
		Method: q.Method, URL: q.URL, Header: q.Headers, Body: []byte(q.Body),
		Timeout: time.Duration(q.TimeoutMillis) * time.Millisecond, Key: q.Key, Keep: 4 << 10,
	})
	headers := map[string]string{}
	for name := range o.Header {
		headers[name] = o.Header.Get(name)
	}
	reply.JSON(w, http.StatusOK, map[string]any{
		"status": o.Status, "headers": headers, "body": string(o.Body),
		"error": o.Detail, "kind": o.Kind, "ms": float64(o.Took.Microseconds()) / 1000,
	})
}
