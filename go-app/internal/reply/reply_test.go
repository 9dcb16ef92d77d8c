package reply

import (
	"net/http/httptest"
	"testing"
	"time"
)

func TestDuration(t *testing.T) {
	for query, want := range map[string]time.Duration{"": 30 * time.Second, "?for=5s": 5 * time.Second, "?for=0s": 0, "?for=-1s": -1, "?for=2m": -1, "?for=5": -1} {
		got, err := Duration(httptest.NewRequest("GET", "/"+query, nil), "for", 30*time.Second, time.Minute)
		if (err != nil) != (want < 0) || (err == nil && got != want) {
			t.Errorf("%q: got %s, %v", query, got, err)
		}
	}
}

func TestInt(t *testing.T) {
	for query, want := range map[string]int{"": 3, "?n=5": 5, "?n=11": -1, "?n=x": -1} {
		got, err := Int(httptest.NewRequest("GET", "/"+query, nil), "n", 3, 0, 10)
		if (err != nil) != (want < 0) || (err == nil && got != want) {
			t.Errorf("%q: got %d, %v", query, got, err)
		}
	}
}
