package serve

import (
	"errors"
	"net/url"
	"slices"
	"strings"
	"time"

	"labs.dev/go-app/internal/env"
	"labs.dev/go-app/internal/memory"
)

// Config is the effective configuration of the service.
type Config struct {
	Port            int
	AdminPort       int
	AdminToken      string
	Version         string
	HealthzChecks   []string
	ReadyzChecks    []string
	DepURL          string
	DepTimeout      time.Duration
	OnSIGTERM       string
	DrainDelay      time.Duration
	ShutdownTimeout time.Duration
	WorkMillis      int
	Fanout          int
	AutoMaxProcs    bool
	SlowStart       time.Duration
	WarmupAsync     bool
	DatabaseURL     string
	DataDir         string
	Memory          memory.Settings
	Values          map[string]env.Value
}

const (
	maxBurnMillis = 60_000
	maxFanout     = 256
	maxMegabytes  = 1024
)

// Configure reads the configuration; errors stay in v.
func Configure(v *env.Vars, version string) Config {
	checks := []string{checkSelf, checkDep, checkWarm}
	c := Config{
		Port:            v.Port("PORT", 8080),
		AdminPort:       v.Port("ADMIN_PORT", 9091),
		AdminToken:      v.Secret("ADMIN_TOKEN"),
		Version:         v.String("VERSION", version),
		HealthzChecks:   v.List("HEALTHZ_CHECKS", checkSelf, checks...),
		ReadyzChecks:    v.List("READYZ_CHECKS", checkSelf, checks...),
		DepTimeout:      v.Duration("DEP_TIMEOUT", 500*time.Millisecond),
		OnSIGTERM:       v.OneOf("SIGTERM", "graceful", "immediate", "ignore", "default"),
		DrainDelay:      v.Duration("DRAIN_DELAY", 0),
		ShutdownTimeout: v.Duration("SHUTDOWN_TIMEOUT", 10*time.Second),
		WorkMillis:      v.Int("WORK_MS", 20, 0, maxBurnMillis),
		Fanout:          v.Int("FANOUT", 1, 1, maxFanout),
		AutoMaxProcs:    v.Bool("AUTOMAXPROCS"),
		SlowStart:       v.Duration("SLOW_START", 0),
		WarmupAsync:     v.Bool("WARMUP_ASYNC"),
		DatabaseURL:     v.String("DATABASE_URL", ""),
		DataDir:         v.String("DATA_DIR", ""),
		Memory: memory.Settings{
			WorkingSetMB:     v.Int("WORKING_SET_MB", 0, 0, maxMegabytes),
			CacheMBPerMinute: v.Int("CACHE_MB_PER_MIN", 0, 0, maxMegabytes),
			CacheMaxMB:       v.Int("CACHE_MAX_MB", 0, 0, maxMegabytes),
			ChurnMBPerSecond: v.Int("CHURN_MB_PER_S", 0, 0, maxMegabytes),
			ScratchDir:       v.String("SCRATCH_DIR", ""),
			ScratchMB:        v.Int("SCRATCH_MB", 0, 0, maxMegabytes),
		},
	}
	addr := v.String("DEP_ADDR", "")
	base, err := depURL(addr)
	if err != nil {
		v.Fail("DEP_ADDR", err)
	}
	c.DepURL = base
	needDep := func(key string, list []string) {
		if addr == "" && slices.Contains(list, checkDep) {
			v.Fail(key, errors.New("the check dep needs DEP_ADDR"))
		}
	}
	needDep("HEALTHZ_CHECKS", c.HealthzChecks)
	needDep("READYZ_CHECKS", c.ReadyzChecks)
	c.Values = v.Values()
	return c
}

// depURL accepts host:port or a URL and returns a URL without trailing slash.
func depURL(addr string) (string, error) {
	if addr == "" {
		return "", nil
	}
	if !strings.Contains(addr, "://") {
		addr = "http://" + addr
	}
	u, err := url.Parse(addr)
	if err != nil {
		return "", err
	}
	if u.Scheme != "http" || u.Host == "" {
		return "", errors.New("want host:port or http://host:port")
	}
	return strings.TrimRight(addr, "/"), nil
}
