package cgroup

import (
	"io/fs"
	"strings"
)

// Unknown stands for a counter that the host does not show.
const Unknown = -1

// tickMicros is the unit of /proc/stat: the kernel shows 100 ticks a second to
// every program, whatever it uses itself.
const tickMicros = 10_000

// hostIdle returns how long the CPUs of the host had nothing to run, all added
// up, or Unknown. Time that a hypervisor took away is not idle.
func hostIdle(proc fs.FS) int64 {
	b, err := fs.ReadFile(proc, "stat")
	if err != nil {
		return Unknown
	}
	// cpu user nice system idle iowait irq softirq steal guest guest_nice
	first, _, _ := strings.Cut(string(b), "\n")
	fields := strings.Fields(first)
	if len(fields) < 6 || fields[0] != "cpu" {
		return Unknown
	}
	return (number(fields[4]) + number(fields[5])) * tickMicros
}
