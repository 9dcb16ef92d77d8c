// Package process carries what a role needs from the operating system, so
// that tests can run a role without touching the real one.
package process

import (
	"io"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
)

// Process is the surroundings of one role.
type Process struct {
	Args    []string
	Lookup  func(string) (string, bool)
	Stdout  io.Writer
	Stderr  io.Writer
	Version string
	// Signals replaces the signals of the operating system in tests.
	Signals chan os.Signal
}

// Log returns the logger of the process: JSON lines on stdout.
func (p *Process) Log() *slog.Logger {
	return slog.New(slog.NewJSONHandler(p.Stdout, nil))
}

// Terminated returns a channel that receives SIGTERM and SIGINT. A role that
// must die by the default action of the runtime does not call it.
func (p *Process) Terminated() <-chan os.Signal {
	if p.Signals != nil {
		return p.Signals
	}
	c := make(chan os.Signal, 1)
	signal.Notify(c, syscall.SIGTERM, os.Interrupt)
	return c
}
