// Package env reads settings from environment variables, remembers where each
// value came from, and collects all errors, so that one start shows them all.
package env

import (
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Value is one effective setting and its source: "env" or "default".
type Value struct {
	Value  string `json:"value"`
	Source string `json:"source"`
}

// Vars reads settings through one lookup function.
type Vars struct {
	lookup func(string) (string, bool)
	values map[string]Value
	errs   []error
}

// New returns a reader over lookup, for example os.LookupEnv.
func New(lookup func(string) (string, bool)) *Vars {
	return &Vars{lookup: lookup, values: map[string]Value{}}
}

// raw treats an empty variable as unset, as manifests often blank one out.
func (v *Vars) raw(key, def string) string {
	if s, ok := v.lookup(key); ok && s != "" {
		v.values[key] = Value{s, "env"}
		return s
	}
	v.values[key] = Value{def, "default"}
	return def
}

// Fail records an error of the setting key.
func (v *Vars) Fail(key string, err error) {
	v.errs = append(v.errs, fmt.Errorf("config: %s: %w", key, err))
}

// String reads a text.
func (v *Vars) String(key, def string) string { return v.raw(key, def) }

// Secret reads a text that Values never shows.
func (v *Vars) Secret(key string) string {
	s := v.raw(key, "")
	if s != "" {
		v.values[key] = Value{"(set)", "env"}
	}
	return s
}

// Int reads a whole number from low to high.
func (v *Vars) Int(key string, def, low, high int) int {
	n, err := strconv.Atoi(v.raw(key, strconv.Itoa(def)))
	if err == nil && (n < low || n > high) {
		err = fmt.Errorf("%d is not between %d and %d", n, low, high)
	}
	if err != nil {
		v.Fail(key, err)
	}
	return n
}

// Port reads a TCP port; 0 lets the system choose.
func (v *Vars) Port(key string, def int) int { return v.Int(key, def, 0, 65535) }

// Duration reads a duration such as 500ms.
func (v *Vars) Duration(key string, def time.Duration) time.Duration {
	d, err := time.ParseDuration(v.raw(key, def.String()))
	if err == nil && d < 0 {
		err = errors.New("must not be negative")
	}
	if err != nil {
		v.Fail(key, err)
	}
	return d
}

// Bool reads 1, true, 0 or false.
func (v *Vars) Bool(key string) bool {
	b, err := strconv.ParseBool(v.raw(key, "false"))
	if err != nil {
		v.Fail(key, err)
	}
	return b
}

// OneOf reads one of the allowed words; the first is the default.
func (v *Vars) OneOf(key string, allowed ...string) string {
	s := v.raw(key, allowed[0])
	if !slices.Contains(allowed, s) {
		v.Fail(key, fmt.Errorf("%q is none of %s", s, strings.Join(allowed, ", ")))
	}
	return s
}

// List reads a comma separated list of allowed words.
func (v *Vars) List(key, def string, allowed ...string) []string {
	var list []string
	for word := range strings.SplitSeq(v.raw(key, def), ",") {
		word = strings.TrimSpace(word)
		switch {
		case word == "":
		case !slices.Contains(allowed, word):
			v.Fail(key, fmt.Errorf("%q is none of %s", word, strings.Join(allowed, ", ")))
		case !slices.Contains(list, word):
			list = append(list, word)
		}
	}
	return list
}

// Values returns the effective settings by name, without secrets.
func (v *Vars) Values() map[string]Value { return maps.Clone(v.values) }

// Errors returns every error found so far.
func (v *Vars) Errors() []error { return v.errs }

// Report logs every error, one line each, and tells whether there was one.
func (v *Vars) Report(log *slog.Logger) bool {
	for _, err := range v.errs {
		log.Error(err.Error())
	}
	return len(v.errs) > 0
}
