package dep

import (
	"sync"
	"time"
)

// faults decides which fault is on now: one set by hand comes before the own
// schedule, and both it and a pause of the schedule end by themselves.
type faults struct {
	mu       sync.Mutex
	start    time.Time
	schedule *Schedule
	manual   Fault
	until    time.Time
	paused   time.Time
}

// state is what is on at one moment, and why.
type state struct {
	Mode        string     `json:"mode"`
	Source      string     `json:"source"` // none, manual or schedule
	Millis      int        `json:"ms,omitempty"`
	Until       *time.Time `json:"until"`    // end of a manual fault
	Schedule    *string    `json:"schedule"` // as in FAIL_SCHEDULE
	PausedUntil *time.Time `json:"pausedUntil"`
}

func (f *faults) at(now time.Time) state {
	f.mu.Lock()
	defer f.mu.Unlock()
	s := state{Mode: ModeNone, Source: "none"}
	if f.schedule != nil {
		text := f.schedule.String()
		s.Schedule = &text
	}
	paused := now.Before(f.paused)
	if paused {
		end := f.paused.UTC()
		s.PausedUntil = &end
	}
	switch {
	case now.Before(f.until):
		end := f.until.UTC()
		s.Mode, s.Source, s.Millis, s.Until = f.manual.Mode, "manual", f.manual.Millis, &end
	case !paused && f.schedule.Active(now.Sub(f.start)):
		s.Mode, s.Source, s.Millis = f.schedule.Fault.Mode, "schedule", f.schedule.Fault.Millis
	}
	return s
}

func (f *faults) set(fault Fault, until time.Time) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.manual, f.until = fault, until
}

func (f *faults) clear() { f.set(Fault{}, time.Time{}) }

func (f *faults) pause(until time.Time) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.paused = until
}
