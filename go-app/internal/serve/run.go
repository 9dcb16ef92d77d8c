package serve

import (
	"log/slog"
	"os"
	"runtime"
	"time"

	"labs.dev/go-app/internal/cgroup"
	"labs.dev/go-app/internal/env"
	"labs.dev/go-app/internal/process"
)

// Run is the role serve.
func Run(p *process.Process) int {
	log := p.Log()
	vars := env.New(p.Lookup)
	config := Configure(vars, p.Version)
	if vars.Report(log) {
		return 1
	}
	if err := prepareData(config.DataDir); err != nil {
		log.Error("DATA_DIR: " + err.Error())
		return 1
	}
	if config.AutoMaxProcs {
		setMaxProcs(log)
	}
	var signals <-chan os.Signal // stays nil, and silent, without a handler
	if config.OnSIGTERM != "default" {
		signals = p.Terminated()
	}
	s := New(config, log)
	if _, err := s.ListenAdmin(); err != nil {
		log.Error("admin port: " + err.Error())
		return 1
	}
	stop := make(chan struct{})
	defer close(stop)
	s.memory.Start(stop)
	warm := time.After(config.SlowStart)
	listening := false
	listen := func() bool {
		_, err := s.ListenMain()
		if err != nil {
			log.Error("main port: " + err.Error())
		}
		listening = true
		return err == nil
	}
	if (config.WarmupAsync || config.SlowStart == 0) && !listen() {
		return 1
	}
	for {
		select {
		case <-warm:
			s.Warm()
			if !listening && !listen() {
				return 1
			}
		case err := <-s.Failed():
			log.Error(err.Error())
			return 1
		case <-signals:
			log.Info("sigterm received", "mode", config.OnSIGTERM)
			switch config.OnSIGTERM {
			case "ignore":
				continue
			case "immediate":
				return 0
			}
			if err := s.Shutdown(); err != nil {
				log.Error("shutdown incomplete: "+err.Error(), "inflight", s.inflight.Load())
				return 1
			}
			log.Info("shutdown complete")
			return 0
		}
	}
}

// setMaxProcs stands in for a library that makes older Go respect CPU limits.
func setMaxProcs(log *slog.Logger) {
	snapshot, err := cgroup.Read(cgroup.System())
	if err != nil {
		log.Warn("automaxprocs: " + err.Error())
		return
	}
	n := snapshot.CPU.MaxProcs()
	if n == 0 {
		log.Info("automaxprocs: no CPU quota", "gomaxprocs", runtime.GOMAXPROCS(0))
		return
	}
	runtime.GOMAXPROCS(n)
	log.Info("automaxprocs", "gomaxprocs", n)
}
