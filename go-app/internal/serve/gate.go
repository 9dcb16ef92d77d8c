package serve

import (
	"sync"
	"time"
)

// gate is the lock that every handler of the main port takes. Wedging it is
// the injected deadlock: requests wait in it, even when their client has gone,
// and so they hold up a graceful shutdown, as behind a lock never released.
type gate struct {
	mu    sync.Mutex
	cond  *sync.Cond
	until time.Time
}

func newGate() *gate {
	g := &gate{}
	g.cond = sync.NewCond(&g.mu)
	return g
}

// wedge blocks every wait for d from now and returns the end. A later call
// replaces the end; 0 opens the gate at once.
func (g *gate) wedge(d time.Duration) time.Time {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.until = time.Now().Add(d)
	time.AfterFunc(d, g.wake)
	return g.until
}

// wake holds the lock, so that no waiter can miss it between look and sleep.
func (g *gate) wake() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.cond.Broadcast()
}

// wait returns once the gate is open.
func (g *gate) wait() {
	g.mu.Lock()
	defer g.mu.Unlock()
	for time.Now().Before(g.until) {
		g.cond.Wait()
	}
}
