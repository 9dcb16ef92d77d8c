package burn

import (
	"context"
	"errors"
	"syscall"
	"testing"
	"time"
)

func processTime(t *testing.T) time.Duration {
	t.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func TestCPUBurnsTheTotalWhateverTheFanout(t *testing.T) {
	for _, fanout := range []int{1, 4} {
		before := processTime(t)
		if err := CPU(t.Context(), 80*time.Millisecond, fanout); err != nil {
			t.Fatal(err)
		}
		if got := processTime(t) - before; got < 75*time.Millisecond || got > 200*time.Millisecond {
			t.Errorf("fanout %d burned %s, want about 80ms", fanout, got)
		}
	}
}

func TestCPUStopsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	start := time.Now()
	err := CPU(ctx, time.Minute, 2)
	if !errors.Is(err, context.DeadlineExceeded) || time.Since(start) > 5*time.Second {
		t.Errorf("got %v after %s", err, time.Since(start))
	}
}
