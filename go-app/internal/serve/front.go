package serve

import (
	"net/http"
	"time"

	"labs.dev/go-app/internal/proof"
)

// front stands before every handler of the main port: it counts, takes the
// gate, and signs the answer.
func (s *Server) front(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.inflight.Add(1)
		defer s.inflight.Add(-1)
		s.gate.wait()
		start := time.Now()
		s.sign(w, r)
		if s.draining.Load() {
			w.Header().Set("Connection", "close") // moves kept connections to another pod
		}
		gated := &gatedWriter{ResponseWriter: w, gate: s.gate, status: http.StatusOK}
		next.ServeHTTP(gated, r)
		s.metrics.observe(r.Pattern, gated.status, time.Since(start))
	})
}

// sign says who answers, and proves it to a client that sent a nonce.
func (s *Server) sign(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("X-Pod", s.hostname)
	w.Header().Set("X-Version", s.config.Version)
	if nonce := r.Header.Get(proof.NonceHeader); nonce != "" && s.config.AdminToken != "" {
		w.Header().Set(proof.ProofHeader, proof.Sum(s.config.AdminToken, nonce))
	}
}

// gatedWriter takes the gate once more before the answer, so that a request
// that was already running when the deadlock began is caught by it too.
type gatedWriter struct {
	http.ResponseWriter
	gate   *gate
	status int
	wrote  bool
}

func (w *gatedWriter) WriteHeader(status int) {
	if !w.wrote {
		w.gate.wait()
		w.wrote, w.status = true, status
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *gatedWriter) Write(b []byte) (int, error) {
	if !w.wrote {
		w.WriteHeader(http.StatusOK)
	}
	return w.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController reach the connection.
func (w *gatedWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
