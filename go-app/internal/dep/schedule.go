package dep

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Fault is a way to misbehave.
type Fault struct {
	Mode   string `json:"mode"`
	Millis int    `json:"ms,omitempty"`
}

// Modes of a fault; ModeNone is none.
const (
	ModeNone      = "none"
	ModeFail      = "fail"
	ModeSlow      = "slow"
	ModeBlackhole = "blackhole"
	ModeRefuse    = "refuse"
)

const defaultSlowMillis = 2000

func (f Fault) valid() error {
	switch f.Mode {
	case ModeFail, ModeSlow, ModeBlackhole, ModeRefuse:
	default:
		return fmt.Errorf("mode: %q is none of fail, slow, blackhole, refuse", f.Mode)
	}
	if f.Millis < 0 || f.Millis > 600_000 {
		return fmt.Errorf("ms: %d is not between 0 and 600000", f.Millis)
	}
	return nil
}

// normal sets the delay of slow and clears it elsewhere.
func (f Fault) normal() Fault {
	switch {
	case f.Mode != ModeSlow:
		f.Millis = 0
	case f.Millis == 0:
		f.Millis = defaultSlowMillis
	}
	return f
}

// Schedule repeats a fault: every period, for a while, after a first delay.
type Schedule struct {
	Every, For, After time.Duration
	Fault             Fault
}

// ParseSchedule reads "every=60s,for=40s,mode=fail[,after=0s][,ms=2000]".
func ParseSchedule(s string) (*Schedule, error) {
	if s == "" {
		return nil, nil
	}
	var c Schedule
	for field := range strings.SplitSeq(s, ",") {
		key, value, ok := strings.Cut(strings.TrimSpace(field), "=")
		if !ok {
			return nil, fmt.Errorf("%q is not key=value", field)
		}
		var err error
		switch key {
		case "every":
			c.Every, err = time.ParseDuration(value)
		case "for":
			c.For, err = time.ParseDuration(value)
		case "after":
			c.After, err = time.ParseDuration(value)
		case "mode":
			c.Fault.Mode = value
		case "ms":
			c.Fault.Millis, err = strconv.Atoi(value)
		default:
			err = errors.New("unknown key")
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", key, err)
		}
	}
	if err := c.Fault.valid(); err != nil {
		return nil, err
	}
	if c.Every <= 0 || c.For <= 0 || c.For > c.Every || c.After < 0 {
		return nil, errors.New("want 0 < for <= every and after >= 0")
	}
	c.Fault = c.Fault.normal()
	return &c, nil
}

// Active tells whether the fault is on, elapsed after the start.
func (c *Schedule) Active(elapsed time.Duration) bool {
	return c != nil && elapsed >= c.After && (elapsed-c.After)%c.Every < c.For
}

// String is the form that ParseSchedule reads.
func (c *Schedule) String() string {
	s := fmt.Sprintf("every=%s,for=%s,mode=%s,after=%s", c.Every, c.For, c.Fault.Mode, c.After)
	if c.Fault.Mode == ModeSlow {
		s += fmt.Sprintf(",ms=%d", c.Fault.Millis)
	}
	return s
}
