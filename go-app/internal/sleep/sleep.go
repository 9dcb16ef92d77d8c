// Package sleep is the sleep command for images without a shell.
package sleep

import (
	"fmt"
	"strconv"
	"time"

	"labs.dev/go-app/internal/process"
)

// Run sleeps for the first argument and ends early, with 0, on SIGTERM.
func Run(p *process.Process) int {
	if len(p.Args) != 1 {
		fmt.Fprintln(p.Stderr, "usage: app sleep SECONDS|DURATION")
		return 2
	}
	d, err := parse(p.Args[0])
	if err != nil {
		fmt.Fprintln(p.Stderr, "sleep:", err)
		return 2
	}
	select {
	case <-time.After(d):
	case <-p.Terminated():
	}
	return 0
}

func parse(s string) (time.Duration, error) {
	if n, err := strconv.ParseFloat(s, 64); err == nil {
		return parse(strconv.FormatFloat(n, 'f', -1, 64) + "s")
	}
	d, err := time.ParseDuration(s)
	if err == nil && d < 0 {
		err = fmt.Errorf("%s is negative", d)
	}
	return d, err
}
