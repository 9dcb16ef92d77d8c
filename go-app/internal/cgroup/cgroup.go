// Package cgroup reads the CPU and memory counters of the own container. A
// check reads them before and after: throttling shows there and nowhere else.
package cgroup

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"runtime"
	"strconv"
	"strings"
	"time"

	"labs.dev/go-app/internal/process"
)

// Unlimited stands for "no quota" and "no limit".
const Unlimited = -1

// CPU holds the CFS bandwidth settings and counters, in microseconds.
type CPU struct {
	QuotaMicros     int64 `json:"quotaMicros"`
	PeriodMicros    int64 `json:"periodMicros"`
	NrPeriods       int64 `json:"nrPeriods"`
	NrThrottled     int64 `json:"nrThrottled"`
	ThrottledMicros int64 `json:"throttledMicros"`
	UsageMicros     int64 `json:"usageMicros"`
}

// Memory holds the memory limit and counters. Peak includes the page cache.
type Memory struct {
	LimitBytes int64 `json:"limitBytes"`
	UsageBytes int64 `json:"usageBytes"`
	PeakBytes  int64 `json:"peakBytes"`
	OOMKills   int64 `json:"oomKills"`
}

// Snapshot is one reading of all counters.
type Snapshot struct {
	Version int    `json:"version"`
	CPU     CPU    `json:"cpu"`
	Memory  Memory `json:"memory"`
	// HostIdleMicros is what the CPUs of the host had to give and nobody took:
	// where that is nothing, no quota is ever used up.
	HostIdleMicros int64     `json:"hostIdleMicros"`
	GOMAXPROCS     int       `json:"gomaxprocs"`
	NumCPU         int       `json:"numCPU"`
	At             time.Time `json:"at"`
}

// Sources is where a snapshot is read from: a cgroup mount, and a proc mount.
type Sources struct{ Cgroup, Proc fs.FS }

// System is where a container sees its own cgroup, and its host.
func System() Sources {
	return Sources{Cgroup: os.DirFS("/sys/fs/cgroup"), Proc: os.DirFS("/proc")}
}

// Read takes a snapshot. Counters of the cgroup that the kernel does not offer
// stay zero; without any known hierarchy it fails.
func Read(from Sources) (Snapshot, error) {
	s := Snapshot{
		GOMAXPROCS:     runtime.GOMAXPROCS(0),
		NumCPU:         runtime.NumCPU(),
		HostIdleMicros: hostIdle(from.Proc),
	}
	r := reader{from.Cgroup}
	switch {
	case r.has("cgroup.controllers"):
		s.Version = 2
		r.v2(&s)
	case r.has("cpu,cpuacct/cpu.stat"), r.has("cpu/cpu.stat"):
		s.Version = 1
		r.v1(&s)
	default:
		return s, fmt.Errorf("no cgroup v1 or v2 cpu controller is mounted")
	}
	s.At = time.Now().UTC()
	return s, nil
}

// Run prints one snapshot as JSON, for docker exec.
func Run(p *process.Process) int {
	s, err := Read(System())
	if err != nil {
		fmt.Fprintln(p.Stderr, "cgroup:", err)
		return 1
	}
	if err := json.NewEncoder(p.Stdout).Encode(s); err != nil {
		return 1
	}
	return 0
}

type reader struct{ root fs.FS }

func (r reader) has(name string) bool {
	_, err := fs.Stat(r.root, name)
	return err == nil
}

// text returns the first of the named files that exists, without blanks.
func (r reader) text(names ...string) string {
	for _, name := range names {
		if b, err := fs.ReadFile(r.root, name); err == nil {
			return strings.TrimSpace(string(b))
		}
	}
	return ""
}

func (r reader) number(names ...string) int64 { return number(r.text(names...)) }

// table reads a file of "key value" lines.
func (r reader) table(names ...string) map[string]int64 {
	t := map[string]int64{}
	for line := range strings.Lines(r.text(names...)) {
		if key, value, ok := strings.Cut(strings.TrimSpace(line), " "); ok {
			t[key] = number(value)
		}
	}
	return t
}

func number(s string) int64 {
	n, _ := strconv.ParseInt(s, 10, 64) // an absent counter is zero
	return n
}
