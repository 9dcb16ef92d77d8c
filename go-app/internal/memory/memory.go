// Package memory holds, caches and wastes memory as told, so that a container
// can be seen to run into its limit for one reason at a time.
package memory

import (
	"log/slog"
	"sync/atomic"
	"time"
)

const (
	mib = 1 << 20
	// chunk is the size of one cache entry and of one piece of garbage.
	chunk = mib / 4
)

// Settings say how much memory is used for what; zero means not at all.
type Settings struct {
	// WorkingSetMB is held from the start to the end.
	WorkingSetMB int
	// CacheMBPerMinute is what the cache takes in, CacheMaxMB what it may hold; 0 is no bound.
	CacheMBPerMinute int
	CacheMaxMB       int
	// ChurnMBPerSecond is allocated and dropped at once.
	ChurnMBPerSecond int
	// ScratchDir gets ScratchMB of files; without a folder there are none.
	ScratchDir string
	ScratchMB  int
}

// Load is the memory in use.
type Load struct {
	settings Settings
	log      *slog.Logger
	held     [][]byte
	cache    *cache
	scratch  *scratch
	churned  atomic.Int64
}

// Report says what is in use, in MiB.
type Report struct {
	WorkingSetMB int   `json:"workingSetMB"`
	CacheMB      int   `json:"cacheMB"`
	CacheHits    int64 `json:"cacheHits"`
	CacheMisses  int64 `json:"cacheMisses"`
	ChurnedMB    int64 `json:"churnedMB"`
	ScratchMB    int   `json:"scratchMB"`
}

// New returns a load that uses nothing yet.
func New(s Settings, log *slog.Logger) *Load {
	return &Load{settings: s, log: log, cache: newCache(s.CacheMaxMB), scratch: newScratch(s.ScratchDir, s.ScratchMB)}
}

// Start takes the working set, and lets the rest go on until stop closes.
func (l *Load) Start(stop <-chan struct{}) {
	for range l.settings.WorkingSetMB {
		l.held = append(l.held, touched(mib))
	}
	if rate := l.settings.CacheMBPerMinute; rate > 0 {
		go every(stop, time.Minute/time.Duration(rate*mib/chunk), l.cache.add)
	}
	if rate := l.settings.ChurnMBPerSecond; rate > 0 {
		go every(stop, time.Second/time.Duration(rate*mib/chunk), l.waste)
	}
	if l.scratch.enabled() {
		go every(stop, time.Second/8, func() { l.scratch.write(l.log) })
	}
}

// Advance fills the cache as so many minutes would, at once.
func (l *Load) Advance(minutes int) {
	for range minutes * l.settings.CacheMBPerMinute * (mib / chunk) {
		l.cache.add()
	}
}

// Lookup asks the cache for something recent and tells whether it was there.
func (l *Load) Lookup() bool { return l.cache.lookup() }

// Report tells what is in use now.
func (l *Load) Report() Report {
	bytes, hits, misses := l.cache.report()
	return Report{
		WorkingSetMB: len(l.held), CacheMB: bytes / mib, CacheHits: hits, CacheMisses: misses,
		ChurnedMB: l.churned.Load() / mib, ScratchMB: l.scratch.megabytes(),
	}
}

// sink keeps the compiler from leaving garbage out.
var sink atomic.Pointer[[]byte]

func (l *Load) waste() {
	garbage := touched(chunk)
	sink.Store(&garbage)
	l.churned.Add(chunk)
}

// touched allocates memory that the kernel has to back: a page that was never
// written does not count.
func touched(size int) []byte {
	b := make([]byte, size)
	for i := 0; i < size; i += 4096 {
		b[i] = 1
	}
	return b
}

func every(stop <-chan struct{}, d time.Duration, do func()) {
	ticker := time.NewTicker(max(d, time.Millisecond))
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
			do()
		case <-stop:
			return
		}
	}
}
