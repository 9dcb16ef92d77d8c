package serve

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"sync/atomic"
	"time"
)

// dependency calls the ledger. It logs when the ledger goes and comes back,
// not every failed call.
type dependency struct {
	base    string
	timeout time.Duration
	log     *slog.Logger
	down    atomic.Bool
	client  *http.Client
}

func newDependency(base string, timeout time.Duration, log *slog.Logger) *dependency {
	// A transport of its own: no proxy, and connections to spare under load.
	transport := &http.Transport{MaxIdleConnsPerHost: 64, IdleConnTimeout: 30 * time.Second}
	return &dependency{base: base, timeout: timeout, log: log, client: &http.Client{Transport: transport}}
}

// healthy asks the dependency for its health.
func (d *dependency) healthy(ctx context.Context) error {
	_, err := d.call(ctx, http.MethodGet, "/healthz", nil)
	return err
}

// charge returns nil only if the dependency says that it recorded id.
func (d *dependency) charge(ctx context.Context, id string) error {
	body, err := json.Marshal(map[string]string{"id": id})
	if err != nil {
		return err
	}
	answer, err := d.call(ctx, http.MethodPost, "/charge", body)
	if err != nil {
		return err
	}
	var charged struct {
		ID       string `json:"id"`
		Recorded bool   `json:"recorded"`
	}
	if err := json.Unmarshal(answer, &charged); err != nil {
		return fmt.Errorf("POST /charge: %w", err)
	}
	if !charged.Recorded || charged.ID != id {
		return fmt.Errorf("POST /charge: %s was not recorded", id)
	}
	return nil
}

func (d *dependency) call(ctx context.Context, method, path string, body []byte) ([]byte, error) {
	if d.base == "" {
		return nil, fmt.Errorf("DEP_ADDR is not set")
	}
	caller := ctx
	ctx, cancel := context.WithTimeout(ctx, d.timeout)
	defer cancel()
	answer, err := d.exchange(ctx, method, path, body)
	if caller.Err() == nil { // a caller that left says nothing about the dependency
		d.note(err)
	}
	return answer, err
}

func (d *dependency) exchange(ctx context.Context, method, path string, body []byte) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, method, d.base+path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	resp, err := d.client.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(resp.Body, 64<<10))
	if err != nil {
		return nil, err
	}
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s %s: status %d", method, d.base+path, resp.StatusCode)
	}
	return answer, nil
}

func (d *dependency) note(err error) {
	switch {
	case err != nil && d.down.CompareAndSwap(false, true):
		d.log.Warn("dependency unavailable", "error", err.Error())
	case err == nil && d.down.CompareAndSwap(true, false):
		d.log.Info("dependency available again")
	}
}
