// Package dep is the dependency of the sample service: a ledger that fails,
// slows down, swallows requests or disappears, on command or by schedule.
package dep

import (
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"labs.dev/go-app/internal/reply"
)

// Server is the ledger: a main port that the faults hit, and an admin port.
type Server struct {
	log       *slog.Logger
	token     string
	startedAt time.Time
	faults    *faults
	ledger    *ledger
	ok        atomic.Int64
	failed    atomic.Int64
	handler   http.Handler

	mu   sync.Mutex
	addr string
	main *http.Server // nil while the port is closed
	mode string       // last one logged
}

// New returns a ledger that does not listen yet. The schedule may be nil.
func New(schedule *Schedule, token string, log *slog.Logger) *Server {
	now := time.Now()
	s := &Server{
		log:       log,
		token:     token,
		startedAt: now.UTC(),
		faults:    &faults{start: now, schedule: schedule},
		ledger:    newLedger(),
		mode:      ModeNone,
	}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /charge", s.faulty(s.charge))
	mux.HandleFunc("GET /healthz", s.faulty(healthz))
	mux.HandleFunc("GET /livez", healthz) // for the own probes of the ledger: no fault but refuse hits it
	mux.HandleFunc("GET /entries", s.entries)
	s.handler = mux
	return s
}

// Listen opens the main port and returns its address. The address is kept: a
// port that refuse has closed opens again in the same place.
func (s *Server) Listen(port int) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.addr = ":" + strconv.Itoa(port)
	err := s.open()
	return s.addr, err
}

func (s *Server) open() error {
	l, err := net.Listen("tcp", s.addr)
	if err != nil {
		return err
	}
	s.addr = l.Addr().String()
	s.main = &http.Server{Handler: s.handler, ReadHeaderTimeout: 10 * time.Second}
	go func(server *http.Server) {
		if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			s.log.Error("main port: " + err.Error())
		}
	}(s.main)
	return nil
}

// Sync makes the port open or closed as the fault of the moment wants it, and
// logs a change of mode.
func (s *Server) Sync() {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.faults.at(time.Now())
	if now.Mode != s.mode {
		s.log.Info("fault", "mode", now.Mode, "source", now.Source)
		s.mode = now.Mode
	}
	switch refuse := now.Mode == ModeRefuse; {
	case refuse && s.main != nil:
		s.main.Close() // kept connections too
		s.main = nil
	case !refuse && s.main == nil:
		if err := s.open(); err != nil {
			s.log.Error("main port: " + err.Error()) // tried again at the next Sync
		}
	}
}

// Close closes the main port for good.
func (s *Server) Close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.main != nil {
		s.main.Close()
	}
}

// faulty applies the fault of the moment to a handler and counts the result.
func (s *Server) faulty(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		switch now := s.faults.at(time.Now()); now.Mode {
		case ModeFail:
			s.failed.Add(1)
			reply.Error(w, http.StatusServiceUnavailable, "injected fault: fail")
			return
		case ModeBlackhole, ModeRefuse:
			s.failed.Add(1)
			s.swallow(r)
		case ModeSlow:
			// A client that gives up meanwhile is charged all the same, as by
			// a real dependency: only its idempotency key saves it.
			time.Sleep(time.Duration(now.Millis) * time.Millisecond)
		}
		s.ok.Add(1)
		next(w, r)
	}
}

// swallow holds a request until its client leaves or the fault is over, and
// then drops the connection without an answer.
func (s *Server) swallow(r *http.Request) {
	io.Copy(io.Discard, io.LimitReader(r.Body, 64<<10)) // only behind the body a leaving client shows
	ticker := time.NewTicker(100 * time.Millisecond)
	defer ticker.Stop()
	for s.faults.at(time.Now()).Mode == ModeBlackhole {
		select {
		case <-ticker.C:
		case <-r.Context().Done():
			panic(http.ErrAbortHandler)
		}
	}
	panic(http.ErrAbortHandler)
}

func healthz(w http.ResponseWriter, _ *http.Request) {
	reply.JSON(w, http.StatusOK, map[string]string{"status": "ok"})
}

func (s *Server) charge(w http.ResponseWriter, r *http.Request) {
	var c struct {
		ID string `json:"id"`
	}
	if err := reply.Decode(w, r, &c); err != nil {
		reply.Error(w, http.StatusBadRequest, err.Error())
		return
	}
	if c.ID == "" {
		reply.Error(w, http.StatusBadRequest, "id: is missing")
		return
	}
	duplicate := s.ledger.record(c.ID, time.Now())
	reply.JSON(w, http.StatusOK, map[string]any{"id": c.ID, "recorded": true, "duplicate": duplicate})
}

// entries counts the charges since a moment: RFC 3339 or Unix seconds.
func (s *Server) entries(w http.ResponseWriter, r *http.Request) {
	since, err := moment(r.URL.Query().Get("since"))
	if err != nil {
		reply.Error(w, http.StatusBadRequest, "since: want RFC 3339 or Unix seconds")
		return
	}
	reply.JSON(w, http.StatusOK, s.ledger.since(since))
}

func moment(s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	if n, err := strconv.ParseFloat(s, 64); err == nil {
		return time.UnixMilli(int64(n * 1000)), nil
	}
	return time.Parse(time.RFC3339Nano, s)
}
