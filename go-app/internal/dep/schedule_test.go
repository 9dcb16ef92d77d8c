package dep

import (
	"testing"
	"time"
)

func TestParseSchedule(t *testing.T) {
	for text, want := range map[string]string{
		"every=60s,for=40s,mode=fail":                   "every=1m0s,for=40s,mode=fail,after=0s",
		"every=60s, for=40s, mode=slow,after=5s,ms=300": "every=1m0s,for=40s,mode=slow,after=5s,ms=300",
		"every=1s,for=1s,mode=slow":                     "every=1s,for=1s,mode=slow,after=0s,ms=2000",
	} {
		c, err := ParseSchedule(text)
		if err != nil || c.String() != want {
			t.Errorf("%s: got %v, %v", text, c, err)
		}
	}
	for _, text := range []string{"every=60s,for=40s", "every=60s,for=61s,mode=fail", "for=1s,mode=fail", "every=60,for=1s,mode=fail",
		"every=60s,for=1s,mode=none", "x", "every=60s,for=1s,mode=fail,what=1", "every=60s,for=1s,mode=fail,after=-1s"} {
		if _, err := ParseSchedule(text); err == nil {
			t.Errorf("%s: want an error", text)
		}
	}
	if c, err := ParseSchedule(""); c != nil || err != nil || c.Active(0) {
		t.Errorf("empty: got %v, %v", c, err)
	}
}

func TestActive(t *testing.T) {
	c := &Schedule{Every: 60 * time.Second, For: 40 * time.Second, After: 10 * time.Second}
	for seconds, want := range map[float64]bool{0: false, 9.999: false, 10: true, 49.999: true, 50: false, 69.999: false, 70: true, 3610: true, 3650: false} {
		if got := c.Active(time.Duration(seconds * float64(time.Second))); got != want {
			t.Errorf("%v s: got %t", seconds, got)
		}
	}
}

func TestFaults(t *testing.T) {
	start := time.Now()
	at := func(s int) time.Time { return start.Add(time.Duration(s) * time.Second) }
	f := &faults{start: start, schedule: &Schedule{Every: time.Minute, For: 40 * time.Second, Fault: Fault{Mode: ModeFail}}}
	expect := func(s int, mode, source string) {
		t.Helper()
		if got := f.at(at(s)); got.Mode != mode || got.Source != source {
			t.Errorf("%d s: got %s from %s", s, got.Mode, got.Source)
		}
	}
	expect(5, ModeFail, "schedule")
	expect(45, ModeNone, "none")
	f.set(Fault{Mode: ModeRefuse}, at(50))
	expect(5, ModeRefuse, "manual")
	expect(50, ModeNone, "none") // expired
	f.pause(at(130))
	expect(65, ModeNone, "none")
	if f.at(at(65)).PausedUntil == nil || f.at(at(130)).PausedUntil != nil {
		t.Error("a pause must show, and expire")
	}
	expect(130, ModeFail, "schedule")
	f.set(Fault{Mode: ModeSlow, Millis: 5}, at(200))
	f.clear()
	expect(145, ModeFail, "schedule")
}

func TestLedger(t *testing.T) {
	l, start := newLedger(), time.Now()
	if l.record("a", start) || !l.record("a", start.Add(time.Second)) || l.record("b", start.Add(2*time.Second)) {
		t.Error("the second of an id, and only that, is a duplicate")
	}
	if got := l.since(time.Time{}); got != (counts{2, 1}) {
		t.Errorf("got %+v", got)
	}
	if got := l.since(start.Add(2 * time.Second)); got != (counts{1, 0}) {
		t.Errorf("got %+v", got)
	}
}
