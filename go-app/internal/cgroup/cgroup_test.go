package cgroup

import (
	"encoding/json"
	"strings"
	"testing"
	"testing/fstest"
)

func files(m map[string]string) fstest.MapFS {
	fsys := fstest.MapFS{}
	for name, text := range m {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return fsys
}

var v1Memory = map[string]string{
	"memory/memory.limit_in_bytes":     "67108864\n",
	"memory/memory.usage_in_bytes":     "9105408\n",
	"memory/memory.max_usage_in_bytes": "11272192\n",
	"memory/memory.oom_control":        "oom_kill_disable 0\nunder_oom 0\noom_kill 2\n",
}

func TestRead(t *testing.T) {
	const v1Stat = "nr_periods 101\nnr_throttled 52\nthrottled_time 7654321987\nnr_bursts 0\nburst_time 0\n"
	limited := CPU{100000, 100000, 101, 52, 7654321, 21500000}
	memory := Memory{67108864, 9105408, 11272192, 2}
	tests := map[string]struct {
		files   map[string]string
		version int
		cpu     CPU
		memory  Memory
	}{
		"v1 joined": {map[string]string{
			"cpu,cpuacct/cpu.stat": v1Stat, "cpu,cpuacct/cpu.cfs_quota_us": "100000\n",
			"cpu,cpuacct/cpu.cfs_period_us": "100000\n", "cpu,cpuacct/cpuacct.usage": "21500000999\n",
		}, 1, limited, memory},
		"v1 separate": {map[string]string{
			"cpu/cpu.stat": v1Stat, "cpu/cpu.cfs_quota_us": "100000\n",
			"cpu/cpu.cfs_period_us": "100000\n", "cpuacct/cpuacct.usage": "21500000999\n",
		}, 1, limited, memory},
		"v1 unlimited": {map[string]string{
			"cpu/cpu.stat": "nr_periods 0\nnr_throttled 0\nthrottled_time 0\n", "cpu/cpu.cfs_quota_us": "-1\n",
			"cpu/cpu.cfs_period_us": "100000\n", "cpuacct/cpuacct.usage": "5000\n",
			"memory/memory.limit_in_bytes": "9223372036854771712\n", "memory/memory.oom_control": "under_oom 0\n",
		}, 1, CPU{-1, 100000, 0, 0, 0, 5}, Memory{-1, 9105408, 11272192, 0}},
		"v2": {map[string]string{
			"cgroup.controllers": "cpu memory pids\n", "cpu.max": "150000 100000\n",
			"cpu.stat":      "usage_usec 21500000\nuser_usec 20000000\nsystem_usec 1500000\nnr_periods 101\nnr_throttled 52\nthrottled_usec 7654321\n",
			"memory.max":    "67108864\n",
			"memory.events": "low 0\nhigh 0\nmax 3\noom 2\noom_kill 2\n", "memory.current": "9105408\n", "memory.peak": "11272192\n",
		}, 2, CPU{150000, 100000, 101, 52, 7654321, 21500000}, memory},
		"v2 unlimited, before memory.peak": {map[string]string{
			"cgroup.controllers": "cpu\n", "cpu.max": "max 100000\n", "cpu.stat": "usage_usec 5\n",
			"memory.max": "max\n", "memory.current": "1\n",
		}, 2, CPU{-1, 100000, 0, 0, 0, 5}, Memory{-1, 1, 0, 0}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			fsys := files(tt.files)
			if tt.version == 1 {
				for file, text := range v1Memory {
					if _, ok := fsys[file]; !ok {
						fsys[file] = &fstest.MapFile{Data: []byte(text)}
					}
				}
			}
			s, err := Read(Sources{Cgroup: fsys, Proc: files(nil)})
			if err != nil {
				t.Fatal(err)
			}
			if s.Version != tt.version || s.CPU != tt.cpu || s.Memory != tt.memory {
				t.Errorf("got %+v", s)
			}
			if s.GOMAXPROCS < 1 || s.NumCPU < 1 || s.At.IsZero() {
				t.Errorf("runtime facts are missing: %+v", s)
			}
		})
	}
}

func TestReadWithoutCgroup(t *testing.T) {
	if _, err := Read(Sources{Cgroup: files(nil), Proc: files(nil)}); err == nil {
		t.Error("want an error, not zero counters")
	}
}

func TestSnapshotNames(t *testing.T) {
	b, err := json.Marshal(Snapshot{})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"version", "quotaMicros", "nrThrottled", "usageMicros", "oomKills", "hostIdleMicros", "gomaxprocs", "numCPU", "at"} {
		if !strings.Contains(string(b), `"`+name+`":`) {
			t.Errorf("%s is missing in %s", name, b)
		}
	}
}

func TestMaxProcs(t *testing.T) {
	for _, tt := range []struct {
		quota, period int64
		want          int
	}{{-1, 100000, 0}, {50000, 100000, 1}, {100000, 100000, 1}, {199000, 100000, 1}, {250000, 100000, 2}, {0, 0, 0}} {
		if got := (CPU{QuotaMicros: tt.quota, PeriodMicros: tt.period}).MaxProcs(); got != tt.want {
			t.Errorf("%d/%d: got %d, want %d", tt.quota, tt.period, got, tt.want)
		}
	}
}

func TestHostIdle(t *testing.T) {
	tests := map[string]struct {
		stat string
		want int64
	}{
		"idle and waiting for disks, all CPUs": {
			"cpu  10 0 20 300 4 0 5 90 0 0\ncpu0 5 0 10 150 2 0 3 45 0 0\nintr 1\n", 3_040_000,
		},
		"no such line": {"intr 1\n", Unknown},
		"cut short":    {"cpu  10 0\n", Unknown},
		"empty":        {"", Unknown},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if got := hostIdle(files(map[string]string{"stat": tt.stat})); got != tt.want {
				t.Errorf("got %d, want %d", got, tt.want)
			}
		})
	}
	if got := hostIdle(files(nil)); got != Unknown {
		t.Errorf("without proc: got %d", got)
	}
}
