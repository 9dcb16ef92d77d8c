// Package probe is the client for probes and health checks in images that
// have neither a shell nor curl.
package probe

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net"
	"strings"
	"time"

	"labs.dev/go-app/internal/attempt"
	"labs.dev/go-app/internal/process"
)

// Result is what --json prints.
type Result struct {
	Status int     `json:"status"`
	Body   string  `json:"body"`
	Error  string  `json:"error"`
	Kind   string  `json:"kind"`
	Millis float64 `json:"ms"`
}

type headers map[string]string

func (h headers) String() string { return "" }

func (h headers) Set(s string) error {
	name, value, ok := strings.Cut(s, "=")
	if !ok || name == "" {
		return fmt.Errorf("want NAME=VALUE")
	}
	h[name] = value
	return nil
}

type options struct {
	timeout time.Duration
	method  string
	header  headers
	body    string
	json    bool
	expect  int
	url     string
}

// parse takes options before and after the URL.
func parse(args []string, stderr io.Writer) (options, error) {
	o := options{header: headers{}}
	f := flag.NewFlagSet("probe", flag.ContinueOnError)
	f.SetOutput(stderr)
	f.DurationVar(&o.timeout, "timeout", time.Second, "give up after `duration`")
	f.StringVar(&o.method, "method", "", "HTTP `method` (GET, or POST with --body)")
	f.Var(o.header, "header", "request header, `NAME=VALUE`; repeatable")
	f.StringVar(&o.body, "body", "", "request body")
	f.BoolVar(&o.json, "json", false, "print the outcome as JSON")
	f.IntVar(&o.expect, "expect", 0, "the `status` to succeed on, instead of any 2xx")
	f.Usage = func() {
		fmt.Fprintln(stderr, "usage: app probe [OPTIONS] http://HOST:PORT/PATH | tcp://HOST:PORT | dns:NAME")
		f.PrintDefaults()
	}
	for {
		if err := f.Parse(args); err != nil {
			return o, err
		}
		if f.NArg() == 0 {
			break
		}
		if o.url != "" {
			return o, fmt.Errorf("more than one URL: %s %s", o.url, f.Arg(0))
		}
		o.url, args = f.Arg(0), f.Args()[1:]
	}
	if o.url == "" {
		return o, fmt.Errorf("a URL is missing")
	}
	if o.method == "" {
		o.method = "GET"
		if o.body != "" {
			o.method = "POST"
		}
	}
	return o, nil
}

// Run is the role probe: 0 when the target answered as expected, 1 when it did
// not, 2 when the command line is wrong.
func Run(p *process.Process) int {
	o, err := parse(p.Args, p.Stderr)
	if err != nil {
		fmt.Fprintln(p.Stderr, "probe:", err)
		return 2
	}
	var r Result
	var ok bool
	switch address, name := strings.TrimPrefix(o.url, "tcp://"), strings.TrimPrefix(o.url, "dns:"); {
	case address != o.url:
		r, ok = dial(address, o.timeout)
	case name != o.url:
		r, ok = resolve(name, o.timeout)
	default:
		r, ok = request(o)
	}
	if o.json {
		json.NewEncoder(p.Stdout).Encode(r)
	} else {
		io.WriteString(p.Stdout, r.Body)
		if !ok {
			fmt.Fprintf(p.Stderr, "probe: %s: %s\n", r.Kind, r.Error)
		}
	}
	if ok {
		return 0
	}
	return 1
}

func request(o options) (Result, bool) {
	a := attempt.Do(attempt.Client(&net.Dialer{}, false), attempt.Request{
		Method: o.method, URL: o.url, Header: o.header, Body: []byte(o.body), Timeout: o.timeout, Keep: 1 << 20,
	})
	ok := a.Kind == attempt.OK
	if o.expect != 0 {
		ok = a.Status == o.expect && (ok || a.Kind == attempt.Status)
	}
	r := Result{Status: a.Status, Body: string(a.Body), Error: a.Detail, Kind: a.Kind, Millis: millis(a.Took)}
	switch {
	case ok:
		r.Kind, r.Error = attempt.OK, ""
	case a.Kind == attempt.OK:
		r.Kind, r.Error = attempt.Status, fmt.Sprintf("status %d, expected %d", a.Status, o.expect)
	}
	return r, ok
}

func dial(address string, timeout time.Duration) (Result, bool) {
	start := time.Now()
	conn, err := net.DialTimeout("tcp", address, timeout)
	if err == nil {
		conn.Close()
	}
	return finish("", err, start)
}

func resolve(name string, timeout time.Duration) (Result, bool) {
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	start := time.Now()
	addresses, err := net.DefaultResolver.LookupHost(ctx, name)
	return finish(strings.Join(append(addresses, ""), "\n"), err, start)
}

func finish(body string, err error, start time.Time) (Result, bool) {
	r := Result{Body: body, Kind: attempt.Kind(err), Millis: millis(time.Since(start))}
	if err != nil {
		r.Error = err.Error()
	}
	return r, err == nil
}

func millis(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
