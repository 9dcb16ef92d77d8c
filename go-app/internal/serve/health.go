package serve

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"time"

	"labs.dev/go-app/internal/reply"
)

// Names of the checks that a health endpoint can be made of.
const (
	checkSelf = "self"
	checkDep  = "dep"
	checkWarm = "warm"
)

// check runs the named checks and returns what failed, by name.
func (s *Server) check(ctx context.Context, names []string) map[string]string {
	failed := map[string]string{}
	for _, name := range names {
		var err error
		switch name {
		case checkDep:
			err = s.dep.healthy(ctx)
		case checkWarm:
			if !s.warm.Load() {
				err = errors.New("still warming up")
			}
		}
		if err != nil {
			failed[name] = err.Error()
		}
	}
	return failed
}

func (s *Server) livez(w http.ResponseWriter, _ *http.Request) { health(w, nil) }

func (s *Server) healthz(w http.ResponseWriter, r *http.Request) {
	health(w, s.check(r.Context(), s.config.HealthzChecks))
}

func (s *Server) startupz(w http.ResponseWriter, r *http.Request) {
	health(w, s.check(r.Context(), []string{checkWarm}))
}

func (s *Server) readyz(w http.ResponseWriter, r *http.Request) {
	failed := s.check(r.Context(), s.config.ReadyzChecks)
	if s.draining.Load() {
		failed["draining"] = "SIGTERM received"
	}
	if s.unready.active() {
		failed["admin"] = "set to not ready"
	}
	health(w, failed)
}

// health answers 200, or 503 with the checks that failed.
func health(w http.ResponseWriter, failed map[string]string) {
	if len(failed) == 0 {
		reply.JSON(w, http.StatusOK, map[string]string{"status": "ok"})
		return
	}
	unavailable(w, failed)
}

func unavailable(w http.ResponseWriter, failed map[string]string) {
	reply.JSON(w, http.StatusServiceUnavailable, map[string]any{"status": "unavailable", "failed": failed})
}

// lapse is a switch that turns itself off.
type lapse struct {
	mu    sync.Mutex
	until time.Time
}

func (l *lapse) set(d time.Duration) time.Time {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.until = time.Now().Add(d)
	return l.until
}

func (l *lapse) active() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return time.Now().Before(l.until)
}
