package serve

import (
	"io"
	"net/http"
	"os"
	"time"

	"labs.dev/go-app/internal/burn"
	"labs.dev/go-app/internal/cgroup"
	"labs.dev/go-app/internal/proof"
	"labs.dev/go-app/internal/reply"
)

// longest bounds every request that only waits: nothing hangs for ever.
const longest = 10 * time.Minute

func (s *Server) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/livez", s.livez)
	mux.HandleFunc("/healthz", s.healthz)
	mux.HandleFunc("/readyz", s.readyz)
	mux.HandleFunc("/startupz", s.startupz)
	mux.HandleFunc("/version", s.showVersion)
	mux.HandleFunc("/whoami", s.whoami)
	mux.HandleFunc("/nonce", s.nonce)
	mux.HandleFunc("/work", s.work)
	mux.HandleFunc("/burn", s.work)
	mux.HandleFunc("/slow", s.slow)
	mux.HandleFunc("/hang", s.hang)
	mux.HandleFunc("/dep", s.askDep)
	mux.HandleFunc("POST /pay", s.pay)
	mux.HandleFunc("/config", s.showConfig)
	mux.HandleFunc("/cgroup", s.showCgroup)
	mux.HandleFunc("/memory", s.showMemory)
	mux.HandleFunc("/lookup", s.lookup)
	mux.HandleFunc("/fsinfo", s.fsinfo)
	mux.Handle("/metrics", s.metrics.handler())
	return s.front(mux)
}

func (s *Server) showVersion(w http.ResponseWriter, _ *http.Request) {
	reply.JSON(w, http.StatusOK, map[string]string{"version": s.config.Version})
}

func (s *Server) whoami(w http.ResponseWriter, _ *http.Request) {
	reply.JSON(w, http.StatusOK, map[string]any{
		"pod": s.hostname, "version": s.config.Version, "uid": os.Getuid(), "gid": os.Getgid(),
		"pid": os.Getpid(), "startedAt": s.startedAt, "warm": s.warm.Load(),
	})
}

func (s *Server) nonce(w http.ResponseWriter, r *http.Request) {
	if s.config.AdminToken == "" {
		unavailable(w, map[string]string{"nonce": "ADMIN_TOKEN is not set"})
		return
	}
	w.Header().Set("Content-Type", "text/plain")
	w.Write([]byte(proof.Sum(s.config.AdminToken, r.FormValue("v"))))
}

// work burns CPU as configured, or as the query says.
func (s *Server) work(w http.ResponseWriter, r *http.Request) {
	ms, err := reply.Int(r, "ms", s.config.WorkMillis, 0, maxBurnMillis)
	if err != nil {
		reply.Error(w, http.StatusBadRequest, err.Error())
		return
	}
	fanout, err := reply.Int(r, "fanout", s.config.Fanout, 1, maxFanout)
	if err != nil {
		reply.Error(w, http.StatusBadRequest, err.Error())
		return
	}
	drain(r)
	if burn.CPU(r.Context(), time.Duration(ms)*time.Millisecond, fanout) != nil {
		return // the client has gone
	}
	reply.JSON(w, http.StatusOK, map[string]int{"ms": ms, "fanout": fanout})
}

func (s *Server) slow(w http.ResponseWriter, r *http.Request) {
	ms, err := reply.Int(r, "ms", 1000, 0, int(longest.Milliseconds()))
	if err != nil {
		reply.Error(w, http.StatusBadRequest, err.Error())
		return
	}
	if pause(r, time.Duration(ms)*time.Millisecond) {
		reply.JSON(w, http.StatusOK, map[string]int{"ms": ms})
	}
}

// hang does not answer before its client gives up.
func (s *Server) hang(w http.ResponseWriter, r *http.Request) {
	if pause(r, longest) {
		unavailable(w, map[string]string{"hang": "gave up after " + longest.String()})
	}
}

// pause waits and tells whether the client is still there.
func pause(r *http.Request, d time.Duration) bool {
	drain(r)
	select {
	case <-time.After(d):
		return true
	case <-r.Context().Done():
		return false
	}
}

// drain reads the body away: the server notices that a client has gone only
// once it has read the whole request.
func drain(r *http.Request) { io.Copy(io.Discard, io.LimitReader(r.Body, 1<<20)) }

func (s *Server) askDep(w http.ResponseWriter, r *http.Request) {
	health(w, s.check(r.Context(), []string{checkDep}))
}

// pay says 200 only for what the dependency has recorded: a payment that is
// confirmed but not in the ledger is worse than a failed one.
func (s *Server) pay(w http.ResponseWriter, r *http.Request) {
	var payment struct {
		ID string `json:"id"`
	}
	if err := reply.Decode(w, r, &payment); err != nil {
		reply.Error(w, http.StatusBadRequest, err.Error())
		return
	}
	if payment.ID == "" || len(payment.ID) > 200 {
		reply.Error(w, http.StatusBadRequest, "id: want 1 to 200 characters")
		return
	}
	if err := s.dep.charge(r.Context(), payment.ID); err != nil {
		unavailable(w, map[string]string{checkDep: err.Error()})
		return
	}
	reply.JSON(w, http.StatusOK, map[string]any{"id": payment.ID, "paid": true})
}

func (s *Server) showConfig(w http.ResponseWriter, _ *http.Request) {
	reply.JSON(w, http.StatusOK, s.config.Values)
}

func (s *Server) showCgroup(w http.ResponseWriter, _ *http.Request) {
	snapshot, err := cgroup.Read(cgroup.System())
	if err != nil {
		unavailable(w, map[string]string{"cgroup": err.Error()})
		return
	}
	reply.JSON(w, http.StatusOK, snapshot)
}
