// Package reply reads and writes the small JSON documents of every role.
package reply

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"
)

// JSON answers with v as JSON.
func JSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(v) // fails only when the client has gone
}

// Error answers {"error": message}.
func Error(w http.ResponseWriter, status int, message string) {
	JSON(w, status, map[string]string{"error": message})
}

// Decode reads a JSON body of at most 64 KiB; unknown fields are errors.
func Decode(w http.ResponseWriter, r *http.Request, v any) error {
	d := json.NewDecoder(http.MaxBytesReader(w, r.Body, 64<<10))
	d.DisallowUnknownFields()
	return d.Decode(v)
}

// Duration reads a duration from the query, def when absent, at most high.
func Duration(r *http.Request, key string, def, high time.Duration) (time.Duration, error) {
	s := r.URL.Query().Get(key)
	if s == "" {
		return def, nil
	}
	d, err := time.ParseDuration(s)
	if err == nil && (d < 0 || d > high) {
		err = fmt.Errorf("%s is not between 0s and %s", d, high)
	}
	if err != nil {
		return 0, fmt.Errorf("%s: %w", key, err)
	}
	return d, nil
}

// Int reads a whole number from the query, def when absent, from low to high.
func Int(r *http.Request, key string, def, low, high int) (int, error) {
	s := r.URL.Query().Get(key)
	if s == "" {
		return def, nil
	}
	n, err := strconv.Atoi(s)
	if err == nil && (n < low || n > high) {
		err = fmt.Errorf("%d is not between %d and %d", n, low, high)
	}
	if err != nil {
		return 0, fmt.Errorf("%s: %w", key, err)
	}
	return n, nil
}
