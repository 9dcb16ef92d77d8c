package load

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"time"
)

// Hard limits of one run and of the whole agent.
const (
	maxRate        = 500
	maxConcurrency = 64
	maxInflight    = 1000
	maxMillis      = 600_000
	maxTimeout     = 60_000
	defaultTimeout = 5_000
)

// Spec says what one run does: an open loop with Rate, or a closed loop with
// Concurrency.
type Spec struct {
	ID            string            `json:"id"`
	URL           string            `json:"url"`
	Method        string            `json:"method"`
	Body          string            `json:"body"`
	Headers       map[string]string `json:"headers"`
	Rate          float64           `json:"rate"`
	Concurrency   int               `json:"concurrency"`
	Connections   string            `json:"connections"`
	TimeoutMillis int               `json:"timeoutMs"`
	MaxMillis     int               `json:"maxMs"`
	Nonce         bool              `json:"nonce"`
	Key           string            `json:"key"`
	Idempotent    bool              `json:"idempotent"`
}

var validID = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$`)

// complete fills in defaults and returns every error at once.
func (s *Spec) complete() error {
	if s.Method == "" {
		s.Method = "GET"
	}
	if s.Connections == "" {
		s.Connections = "new"
	}
	if s.TimeoutMillis == 0 {
		s.TimeoutMillis = defaultTimeout
	}
	var errs []error
	want := func(ok bool, format string, args ...any) {
		if !ok {
			errs = append(errs, fmt.Errorf(format, args...))
		}
	}
	want(validID.MatchString(s.ID), "id: %q does not match %s", s.ID, validID)
	errs = append(errs, validURL(s.URL))
	want(s.Method == "GET" || s.Method == "POST", "method: %q is neither GET nor POST", s.Method)
	want((s.Rate != 0) != (s.Concurrency != 0), "want either rate or concurrency")
	want(s.Rate >= 0 && s.Rate <= maxRate, "rate: %v is not between 0 and %d", s.Rate, maxRate)
	want(s.Concurrency >= 0 && s.Concurrency <= maxConcurrency, "concurrency: %d is not between 0 and %d", s.Concurrency, maxConcurrency)
	want(s.Connections == "new" || s.Connections == "kept", "connections: %q is neither new nor kept", s.Connections)
	want(s.TimeoutMillis > 0 && s.TimeoutMillis <= maxTimeout, "timeoutMs: %d is not between 1 and %d", s.TimeoutMillis, maxTimeout)
	want(s.MaxMillis > 0 && s.MaxMillis <= maxMillis, "maxMs: %d is not between 1 and %d", s.MaxMillis, maxMillis)
	want(!s.Nonce || s.Key != "", "key: is needed with nonce")
	if s.Idempotent {
		want(s.Method == "POST", "idempotent: needs method POST")
		_, err := s.body("check")
		want(err == nil, "body: must be a JSON object with idempotent")
	}
	return errors.Join(errs...)
}

func validURL(s string) error {
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "http" || u.Host == "" {
		return fmt.Errorf("url: want http://host[:port]/path")
	}
	return nil
}

// body returns the body of one request; id goes into it when idempotent.
func (s *Spec) body(id string) ([]byte, error) {
	if !s.Idempotent {
		return []byte(s.Body), nil
	}
	object := map[string]any{}
	if s.Body != "" {
		if err := json.Unmarshal([]byte(s.Body), &object); err != nil {
			return nil, err
		}
	}
	object["id"] = id
	return json.Marshal(object)
}

func (s *Spec) timeout() time.Duration { return time.Duration(s.TimeoutMillis) * time.Millisecond }

// key is what the proof of an answer is checked with, "" without nonce.
func (s *Spec) key() string {
	if s.Nonce {
		return s.Key
	}
	return ""
}
