package cgroup

// v1 unlimited memory is the largest multiple of the page size.
const v1NoLimit = int64(1) << 62

func (r reader) v1(s *Snapshot) {
	cpu := func(name string) []string { return []string{"cpu,cpuacct/" + name, "cpu/" + name} }
	stat := r.table(cpu("cpu.stat")...)
	s.CPU = CPU{
		QuotaMicros:     r.number(cpu("cpu.cfs_quota_us")...),
		PeriodMicros:    r.number(cpu("cpu.cfs_period_us")...),
		NrPeriods:       stat["nr_periods"],
		NrThrottled:     stat["nr_throttled"],
		ThrottledMicros: stat["throttled_time"] / 1000,
		UsageMicros:     r.number("cpu,cpuacct/cpuacct.usage", "cpuacct/cpuacct.usage", "cpu/cpuacct.usage") / 1000,
	}
	if s.CPU.QuotaMicros <= 0 {
		s.CPU.QuotaMicros = Unlimited
	}
	s.Memory = Memory{
		LimitBytes: r.number("memory/memory.limit_in_bytes"),
		UsageBytes: r.number("memory/memory.usage_in_bytes"),
		PeakBytes:  r.number("memory/memory.max_usage_in_bytes"),
		OOMKills:   r.table("memory/memory.oom_control")["oom_kill"],
	}
	if s.Memory.LimitBytes <= 0 || s.Memory.LimitBytes >= v1NoLimit {
		s.Memory.LimitBytes = Unlimited
	}
}
