package cgroup

import "strings"

func (r reader) v2(s *Snapshot) {
	stat := r.table("cpu.stat")
	s.CPU = CPU{
		QuotaMicros:     Unlimited,
		NrPeriods:       stat["nr_periods"],
		NrThrottled:     stat["nr_throttled"],
		ThrottledMicros: stat["throttled_usec"],
		UsageMicros:     stat["usage_usec"],
	}
	quota, period, _ := strings.Cut(r.text("cpu.max"), " ")
	s.CPU.PeriodMicros = number(period)
	if n := number(quota); n > 0 {
		s.CPU.QuotaMicros = n
	}
	s.Memory = Memory{
		LimitBytes: Unlimited,
		UsageBytes: r.number("memory.current"),
		PeakBytes:  r.number("memory.peak"),
		OOMKills:   r.table("memory.events")["oom_kill"],
	}
	if n := r.number("memory.max"); n > 0 {
		s.Memory.LimitBytes = n
	}
}
