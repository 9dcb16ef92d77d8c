package load

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"time"

	"labs.dev/go-app/internal/env"
	"labs.dev/go-app/internal/process"
)

// Run is the role load: one run with arguments, the agent without.
func Run(p *process.Process) int {
	if len(p.Args) > 0 {
		return once(p)
	}
	return serve(p)
}

func serve(p *process.Process) int {
	log := p.Log()
	vars := env.New(p.Lookup)
	port := vars.Port("PORT", 9092)
	key := vars.Secret("ADMIN_TOKEN")
	if vars.Report(log) {
		return 1
	}
	terminated := p.Terminated()
	l, err := net.Listen("tcp", ":"+strconv.Itoa(port))
	if err != nil {
		log.Error(err.Error())
		return 1
	}
	agent := NewAgent()
	defer agent.Close()
	server := &http.Server{Handler: agent.Handler(key), ReadHeaderTimeout: 10 * time.Second}
	defer server.Close()
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(l) }()
	log.Info("listening", "addr", l.Addr().String(), "version", p.Version)
	select {
	case err := <-failed:
		log.Error(err.Error())
		return 1
	case <-terminated:
		log.Info("sigterm received")
		return 0
	}
}

// once makes one run and prints its result. Failed requests are a result, not
// an error: the exit code is 0 unless the command line is wrong.
func once(p *process.Process) int {
	spec := Spec{ID: "once"}
	f := flag.NewFlagSet("load", flag.ContinueOnError)
	f.SetOutput(p.Stderr)
	f.StringVar(&spec.URL, "url", "", "target `URL`, a private or loopback address")
	f.StringVar(&spec.Method, "method", "GET", "GET or POST")
	f.StringVar(&spec.Body, "body", "", "request body")
	f.Float64Var(&spec.Rate, "rate", 0, "open loop: requests per `second`")
	f.IntVar(&spec.Concurrency, "concurrency", 0, "closed loop: requests in flight")
	f.StringVar(&spec.Connections, "connections", "new", "new or kept")
	f.StringVar(&spec.Key, "key", "", "send nonces and check the proofs with this `key`")
	f.BoolVar(&spec.Idempotent, "idempotent", false, "put a unique id into each body")
	timeout := f.Duration("timeout", 5*time.Second, "give up a request after `duration`")
	duration := f.Duration("duration", 10*time.Second, "how long to send")
	if err := f.Parse(p.Args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return 0
		}
		return 2
	}
	if f.NArg() > 0 {
		fmt.Fprintf(p.Stderr, "load: unexpected argument %q\n", f.Arg(0))
		return 2
	}
	spec.Nonce = spec.Key != ""
	spec.TimeoutMillis, spec.MaxMillis = int(timeout.Milliseconds()), int(duration.Milliseconds())
	if err := spec.complete(); err != nil {
		fmt.Fprintln(p.Stderr, "load:", err)
		return 2
	}
	r := start(spec, make(chan struct{}, maxInflight))
	select {
	case <-r.done:
	case <-p.Terminated():
		r.end()
		<-r.done
	}
	json.NewEncoder(p.Stdout).Encode(r.recorder.result())
	return 0
}
