// Package burn uses up an exact amount of CPU time. Wall time would not do: a
// throttled container would then do less work and look faster than it is.
package burn

import (
	"context"
	"runtime"
	"sync"
	"time"
)

// CPU burns total CPU time, split evenly over fanout goroutines, and returns
// when all are done. It stops early, with the error of ctx, once ctx is done.
func CPU(ctx context.Context, total time.Duration, fanout int) error {
	var wg sync.WaitGroup
	for range fanout {
		wg.Go(func() { share(ctx, total/time.Duration(fanout)) })
	}
	wg.Wait()
	return ctx.Err()
}

// share pins its goroutine to a thread, because the kernel counts CPU time by
// thread. How many threads run at once is still up to GOMAXPROCS.
func share(ctx context.Context, d time.Duration) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	end := threadTime() + d
	x := uint64(88172645463325252)
	for threadTime() < end && ctx.Err() == nil {
		for range 20_000 { // some 20 µs between two looks at the clock
			x ^= x << 13
			x ^= x >> 7
			x ^= x << 17
		}
	}
	runtime.KeepAlive(x)
}
