package serve

import (
	"net/http"
	"os"
	"strconv"
	"time"

	"labs.dev/go-app/internal/reply"
	"labs.dev/go-app/internal/token"
)

// adminRoutes is the port through which the labs inject faults. It goes on
// when the main port is wedged, so it must be useless as a target for probes:
// without the token there is only 401.
func (s *Server) adminRoutes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /admin/ping", s.ping)
	mux.HandleFunc("GET /admin/cgroup", s.showCgroup)
	mux.HandleFunc("POST /admin/deadlock", s.deadlock)
	mux.HandleFunc("POST /admin/ready", s.setReady)
	mux.HandleFunc("POST /admin/tick", s.tick)
	return token.Require(s.config.AdminToken, mux)
}

func (s *Server) ping(w http.ResponseWriter, _ *http.Request) {
	reply.JSON(w, http.StatusOK, map[string]any{
		"version": s.config.Version, "pid": os.Getpid(), "startedAt": s.startedAt, "inflight": s.inflight.Load(),
	})
}

func (s *Server) deadlock(w http.ResponseWriter, r *http.Request) {
	d, err := reply.Duration(r, "for", 120*time.Second, longest)
	if err != nil {
		reply.Error(w, http.StatusBadRequest, err.Error())
		return
	}
	reply.JSON(w, http.StatusOK, map[string]any{"until": s.gate.wedge(d).UTC()})
}

func (s *Server) setReady(w http.ResponseWriter, r *http.Request) {
	ready, err := strconv.ParseBool(r.URL.Query().Get("value"))
	if err != nil {
		reply.Error(w, http.StatusBadRequest, "value: want true or false")
		return
	}
	d, err := reply.Duration(r, "for", 30*time.Second, longest)
	if err != nil {
		reply.Error(w, http.StatusBadRequest, err.Error())
		return
	}
	if ready {
		d = 0
	}
	reply.JSON(w, http.StatusOK, map[string]any{"value": ready, "until": s.unready.set(d).UTC()})
}
