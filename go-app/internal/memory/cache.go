package memory

import (
	"math/rand/v2"
	"sync"
)

// hot is how many of the newest entries are asked for.
const hot = 4

// cache keeps the newest entries, all of them where it has no bound.
type cache struct {
	mu           sync.Mutex
	entries      map[uint64][]byte
	oldest, next uint64
	most         int
	hits, misses int64
}

func newCache(maxMB int) *cache {
	return &cache{entries: map[uint64][]byte{}, most: maxMB * mib / chunk}
}

func (c *cache) add() {
	entry := touched(chunk)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.entries[c.next] = entry
	c.next++
	for c.most > 0 && len(c.entries) > c.most {
		delete(c.entries, c.oldest)
		c.oldest++
	}
}

func (c *cache) lookup() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	hit := false
	if recent := min(hot, c.next); recent > 0 {
		_, hit = c.entries[c.next-1-rand.Uint64N(recent)]
	}
	if hit {
		c.hits++
	} else {
		c.misses++
	}
	return hit
}

func (c *cache) report() (bytes int, hits, misses int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.entries) * chunk, c.hits, c.misses
}
