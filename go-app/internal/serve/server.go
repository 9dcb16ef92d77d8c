// Package serve is the web service that the labs break.
package serve

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strconv"
	"sync/atomic"
	"time"

	"labs.dev/go-app/internal/memory"
)

// Server is the service: a main port for users and probes, and an admin port.
type Server struct {
	config    Config
	log       *slog.Logger
	hostname  string
	startedAt time.Time
	dep       *dependency
	gate      *gate
	metrics   *metrics
	memory    *memory.Load
	unready   lapse
	warm      atomic.Bool
	draining  atomic.Bool
	inflight  atomic.Int64
	main      *http.Server
	admin     *http.Server
	failed    chan error
}

// New returns a server that does not listen yet.
func New(c Config, log *slog.Logger) *Server {
	s := &Server{
		config:    c,
		log:       log,
		startedAt: time.Now().UTC(),
		dep:       newDependency(c.DepURL, c.DepTimeout, log),
		gate:      newGate(),
		memory:    memory.New(c.Memory, log),
		failed:    make(chan error, 2),
	}
	s.hostname, _ = os.Hostname() // an empty name only blanks X-Pod
	s.metrics = newMetrics(func() float64 { return float64(s.inflight.Load()) })
	s.main = &http.Server{Handler: s.routes(), ReadHeaderTimeout: 10 * time.Second}
	s.admin = &http.Server{Handler: s.adminRoutes(), ReadHeaderTimeout: 10 * time.Second}
	return s
}

// Failed receives the error of a port that stopped listening unasked.
func (s *Server) Failed() <-chan error { return s.failed }

// ListenAdmin opens the admin port and returns its address.
func (s *Server) ListenAdmin() (net.Addr, error) {
	return s.listen(s.admin, "admin", s.config.AdminPort)
}

// ListenMain opens the main port and returns its address.
func (s *Server) ListenMain() (net.Addr, error) {
	return s.listen(s.main, "main", s.config.Port)
}

func (s *Server) listen(server *http.Server, name string, port int) (net.Addr, error) {
	l, err := net.Listen("tcp", ":"+strconv.Itoa(port))
	if err != nil {
		return nil, err
	}
	s.log.Info("listening", "port", name, "addr", l.Addr().String(), "version", s.config.Version)
	go func() {
		if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			s.failed <- err
		}
	}()
	return l.Addr(), nil
}

// Warm ends the warm-up.
func (s *Server) Warm() {
	s.warm.Store(true)
	s.log.Info("warm")
}

// Shutdown turns readiness off, keeps serving for the drain delay, then lets
// the requests in flight finish within the shutdown timeout.
func (s *Server) Shutdown() error {
	s.draining.Store(true)
	time.Sleep(s.config.DrainDelay)
	ctx, cancel := context.WithTimeout(context.Background(), s.config.ShutdownTimeout)
	defer cancel()
	err := s.main.Shutdown(ctx)
	s.admin.Close()
	return err
}
