package memory

import (
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"
)

var quiet = slog.New(slog.DiscardHandler)

func started(t *testing.T, s Settings) *Load {
	t.Helper()
	stop := make(chan struct{})
	t.Cleanup(func() { close(stop) })
	l := New(s, quiet)
	l.Start(stop)
	return l
}

func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(5 * time.Second); !ok(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal(what)
		}
	}
}

func TestNothingByDefault(t *testing.T) {
	l := started(t, Settings{})
	l.Advance(60)
	if got := l.Report(); got != (Report{}) || l.Lookup() {
		t.Errorf("got %+v", got)
	}
}

func TestWorkingSet(t *testing.T) {
	if got := started(t, Settings{WorkingSetMB: 3}).Report().WorkingSetMB; got != 3 {
		t.Errorf("got %d", got)
	}
}

func TestCacheGrowsWithoutABound(t *testing.T) {
	l := started(t, Settings{CacheMBPerMinute: 2})
	l.Advance(5)
	if got := l.Report(); got.CacheMB != 10 {
		t.Errorf("got %+v", got)
	}
}

func TestCacheKeepsTheNewestWithinItsBound(t *testing.T) {
	l := started(t, Settings{CacheMBPerMinute: 2, CacheMaxMB: 3})
	l.Advance(5)
	for range 20 {
		if !l.Lookup() {
			t.Fatal("a recent entry is missing")
		}
	}
	if got := l.Report(); got.CacheMB != 3 || got.CacheHits != 20 || got.CacheMisses != 0 {
		t.Errorf("got %+v", got)
	}
}

func TestChurnIsNotKept(t *testing.T) {
	l := started(t, Settings{ChurnMBPerSecond: 100})
	eventually(t, "nothing was allocated", func() bool { return l.Report().ChurnedMB >= 5 })
}

func TestScratchReplacesTheOldest(t *testing.T) {
	dir := t.TempDir()
	l := New(Settings{ScratchDir: dir, ScratchMB: 2}, quiet)
	for range 5 {
		l.scratch.write(quiet)
	}
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(files) != 2 || l.Report().ScratchMB != 2 {
		t.Errorf("got %v, %v, %+v", files, err, l.Report())
	}
}

func TestScratchSurvivesAFolderThatTakesNothing(t *testing.T) {
	l := New(Settings{ScratchDir: filepath.Join(t.TempDir(), "none"), ScratchMB: 2}, quiet)
	l.scratch.write(quiet)
	l.scratch.write(quiet)
	if got := l.Report().ScratchMB; got != 0 {
		t.Errorf("got %d", got)
	}
	if err := os.Mkdir(l.scratch.dir, 0o700); err != nil {
		t.Fatal(err)
	}
	l.scratch.write(quiet)
	if got := l.Report().ScratchMB; got != 1 {
		t.Errorf("got %d after the folder came", got)
	}
}
