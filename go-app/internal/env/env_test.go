package env

import (
	"bytes"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"
)

func from(m map[string]string) func(string) (string, bool) {
	return func(key string) (string, bool) {
		value, ok := m[key]
		return value, ok
	}
}

func TestErrorsAreCollected(t *testing.T) {
	v := New(from(map[string]string{
		"PORT": "80a", "N": "7", "D": "5", "B": "maybe", "W": "x", "L": "self,nope", "NEG": "-1s",
	}))
	v.Port("PORT", 8080)
	v.Int("N", 1, 0, 5)
	v.Duration("D", time.Second)
	v.Duration("NEG", time.Second)
	v.Bool("B")
	v.OneOf("W", "a", "b")
	v.List("L", "self", "self", "dep")
	want := []string{
		`config: PORT: strconv.Atoi: parsing "80a": invalid syntax`,
		`config: N: 7 is not between 0 and 5`,
		`config: D: time: missing unit in duration "5"`,
		`config: NEG: must not be negative`,
		`config: B: strconv.ParseBool: parsing "maybe": invalid syntax`,
		`config: W: "x" is none of a, b`,
		`config: L: "nope" is none of self, dep`,
	}
	var got []string
	for _, err := range v.Errors() {
		got = append(got, err.Error())
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
	var out bytes.Buffer
	if !v.Report(slog.New(slog.NewTextHandler(&out, nil))) || strings.Count(out.String(), "\n") != len(want) {
		t.Errorf("want one line an error, got %s", out.String())
	}
}

func TestValues(t *testing.T) {
	v := New(from(map[string]string{"A": "x", "EMPTY": "", "TOKEN": "secret", "L": "dep, self,dep", "B": "1"}))
	if v.String("A", "d") != "x" || v.String("EMPTY", "d") != "d" || v.Secret("TOKEN") != "secret" || v.Secret("NONE") != "" || !v.Bool("B") {
		t.Error("a value was read wrong")
	}
	if got := v.List("L", "self", "self", "dep"); !slices.Equal(got, []string{"dep", "self"}) {
		t.Errorf("list: got %q", got)
	}
	if v.Duration("D", 500*time.Millisecond) != 500*time.Millisecond || v.Report(slog.New(slog.DiscardHandler)) {
		t.Errorf("errors: %v", v.Errors())
	}
	for key, want := range map[string]Value{
		"A": {"x", "env"}, "EMPTY": {"d", "default"}, "TOKEN": {"(set)", "env"}, "NONE": {"", "default"}, "D": {"500ms", "default"},
	} {
		if got := v.Values()[key]; got != want {
			t.Errorf("%s: got %v, want %v", key, got, want)
		}
	}
}
