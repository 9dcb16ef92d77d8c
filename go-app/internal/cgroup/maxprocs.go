package cgroup

// MaxProcs returns the parallelism that a CPU quota allows, rounded down with
// a minimum of 1, or 0 without a quota. Go's own default rounds up and never
// goes below 2, so that a limit of one CPU is still throttled.
func (c CPU) MaxProcs() int {
	if c.QuotaMicros <= 0 || c.PeriodMicros <= 0 {
		return 0
	}
	return max(1, int(c.QuotaMicros/c.PeriodMicros))
}
