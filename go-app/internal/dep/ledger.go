package dep

import (
	"sync"
	"time"
)

// keep bounds the ledger: about 20 MB, an hour and a half at 40 charges a second.
const keep = 200_000

type entry struct {
	id        string
	at        time.Time
	duplicate bool
}

// ledger records each id once. It forgets the oldest entries beyond keep.
type ledger struct {
	mu      sync.Mutex
	ids     map[string]struct{}
	entries []entry
}

// counts are the charges of a period: total first ones, and repeated ones.
type counts struct {
	Total      int `json:"total"`
	Duplicates int `json:"duplicates"`
}

func newLedger() *ledger { return &ledger{ids: map[string]struct{}{}} }

// record tells whether id was there before.
func (l *ledger) record(id string, at time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	_, duplicate := l.ids[id]
	l.ids[id] = struct{}{}
	l.entries = append(l.entries, entry{id, at, duplicate})
	if len(l.entries) > keep {
		old := l.entries[:keep/2]
		for _, e := range old {
			if !e.duplicate {
				delete(l.ids, e.id)
			}
		}
		l.entries = append([]entry(nil), l.entries[keep/2:]...)
	}
	return duplicate
}

func (l *ledger) since(t time.Time) counts {
	l.mu.Lock()
	defer l.mu.Unlock()
	var c counts
	for _, e := range l.entries {
		switch {
		case e.at.Before(t):
		case e.duplicate:
			c.Duplicates++
		default:
			c.Total++
		}
	}
	return c
}
