package dep

import (
	"net/http"
	"time"

	"labs.dev/go-app/internal/reply"
	"labs.dev/go-app/internal/token"
)

// longest bounds every fault and pause: each ends by itself.
const longest = 30 * time.Minute

// Admin is the handler of the admin port.
func (s *Server) Admin() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /admin/fault", s.setFault)
	mux.HandleFunc("DELETE /admin/fault", s.clearFault)
	mux.HandleFunc("POST /admin/schedule/pause", s.pauseSchedule)
	mux.HandleFunc("POST /admin/schedule/resume", s.resumeSchedule)
	mux.HandleFunc("GET /admin/state", s.showState)
	return token.Require(s.token, mux)
}

func (s *Server) setFault(w http.ResponseWriter, r *http.Request) {
	d, err := reply.Duration(r, "for", 30*time.Second, longest)
	if err != nil {
		reply.Error(w, http.StatusBadRequest, err.Error())
		return
	}
	ms, err := reply.Int(r, "ms", 0, 0, 600_000)
	if err != nil {
		reply.Error(w, http.StatusBadRequest, err.Error())
		return
	}
	fault := Fault{Mode: r.URL.Query().Get("mode"), Millis: ms}
	if err := fault.valid(); err != nil {
		reply.Error(w, http.StatusBadRequest, err.Error())
		return
	}
	s.faults.set(fault.normal(), time.Now().Add(d))
	s.changed(w, r)
}

func (s *Server) clearFault(w http.ResponseWriter, r *http.Request) {
	s.faults.clear()
	s.changed(w, r)
}

func (s *Server) pauseSchedule(w http.ResponseWriter, r *http.Request) {
	d, err := reply.Duration(r, "for", 300*time.Second, longest)
	if err != nil {
		reply.Error(w, http.StatusBadRequest, err.Error())
		return
	}
	s.faults.pause(time.Now().Add(d))
	s.changed(w, r)
}

func (s *Server) resumeSchedule(w http.ResponseWriter, r *http.Request) {
	s.faults.pause(time.Time{})
	s.changed(w, r)
}

// changed answers once the change is in effect.
func (s *Server) changed(w http.ResponseWriter, r *http.Request) {
	s.Sync()
	s.showState(w, r)
}

func (s *Server) showState(w http.ResponseWriter, _ *http.Request) {
	reply.JSON(w, http.StatusOK, struct {
		state
		Requests  map[string]int64 `json:"requests"`
		Ledger    counts           `json:"ledger"`
		StartedAt time.Time        `json:"startedAt"`
	}{
		s.faults.at(time.Now()),
		map[string]int64{"ok": s.ok.Load(), "failed": s.failed.Load()},
		s.ledger.since(time.Time{}),
		s.startedAt,
	})
}
