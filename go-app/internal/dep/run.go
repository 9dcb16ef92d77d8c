package dep

import (
	"net"
	"net/http"
	"strconv"
	"time"

	"labs.dev/go-app/internal/env"
	"labs.dev/go-app/internal/process"
)

// Run is the role dep.
func Run(p *process.Process) int {
	log := p.Log()
	vars := env.New(p.Lookup)
	port := vars.Port("PORT", 8080)
	adminPort := vars.Port("ADMIN_PORT", 9091)
	adminToken := vars.Secret("ADMIN_TOKEN")
	schedule, err := ParseSchedule(vars.String("FAIL_SCHEDULE", ""))
	if err != nil {
		vars.Fail("FAIL_SCHEDULE", err)
	}
	if vars.Report(log) {
		return 1
	}
	terminated := p.Terminated()
	s := New(schedule, adminToken, log)
	l, err := net.Listen("tcp", ":"+strconv.Itoa(adminPort))
	if err != nil {
		log.Error("admin port: " + err.Error())
		return 1
	}
	admin := &http.Server{Handler: s.Admin(), ReadHeaderTimeout: 10 * time.Second}
	go admin.Serve(l)
	defer admin.Close()
	addr, err := s.Listen(port)
	if err != nil {
		log.Error("main port: " + err.Error())
		return 1
	}
	defer s.Close()
	log.Info("listening", "main", addr, "admin", l.Addr().String(), "version", p.Version)
	ticker := time.NewTicker(50 * time.Millisecond)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
			s.Sync()
		case <-terminated:
			log.Info("sigterm received")
			return 0
		}
	}
}
