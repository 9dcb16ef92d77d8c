package sleep

import (
	"io"
	"os"
	"syscall"
	"testing"
	"time"

	"labs.dev/go-app/internal/process"
)

func TestParse(t *testing.T) {
	for s, want := range map[string]time.Duration{"5": 5 * time.Second, "5s": 5 * time.Second, "0.5": 500 * time.Millisecond, "2m": 2 * time.Minute, "x": -1, "-1": -1, "NaN": -1} {
		got, err := parse(s)
		if (err != nil) != (want < 0) || (err == nil && got != want) {
			t.Errorf("%q: got %s, %v", s, got, err)
		}
	}
}

func TestRun(t *testing.T) {
	for _, tt := range []struct {
		args []string
		want int
	}{{[]string{"0.01"}, 0}, {nil, 2}, {[]string{"soon"}, 2}} {
		if got := Run(&process.Process{Args: tt.args, Stderr: io.Discard}); got != tt.want {
			t.Errorf("%q: exit %d, want %d", tt.args, got, tt.want)
		}
	}
}

func TestRunEndsOnSIGTERM(t *testing.T) {
	signals := make(chan os.Signal, 1)
	signals <- syscall.SIGTERM
	start := time.Now()
	if code := Run(&process.Process{Args: []string{"60"}, Stderr: io.Discard, Signals: signals}); code != 0 || time.Since(start) > 5*time.Second {
		t.Errorf("exit %d after %s", code, time.Since(start))
	}
}
