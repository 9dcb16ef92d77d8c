// Package attempt makes one HTTP request and names how it ended.
package attempt

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"time"

	"labs.dev/go-app/internal/proof"
)

// Request is one request to make.
type Request struct {
	Method  string
	URL     string
	Header  map[string]string
	Body    []byte
	Timeout time.Duration
	// Key, when set, makes the request carry a nonce and the answer prove it.
	Key string
	// Keep is how much of the body of the answer to keep.
	Keep int64
}

// Outcome is how a request ended. Status is 0 without an answer.
type Outcome struct {
	Start  time.Time
	Took   time.Duration
	Status int
	Header http.Header
	Body   []byte
	Kind   string
	Detail string
	// Retried: a kept connection closed under the request before any answer,
	// and net/http sent it again on another.
	Retried bool
}

// Client returns a client without proxy and without redirects: an answer is
// judged as it came. Each request has a connection of its own unless kept.
func Client(dialer *net.Dialer, kept bool) *http.Client {
	return &http.Client{
		Transport: &http.Transport{
			DialContext:         dialer.DialContext,
			DisableKeepAlives:   !kept,
			DisableCompression:  true,
			MaxIdleConnsPerHost: 1000,
			IdleConnTimeout:     time.Minute,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// Do makes the request. It never returns an error: that is an outcome too.
func Do(client *http.Client, r Request) Outcome {
	o := Outcome{Start: time.Now()}
	o.Kind, o.Detail = o.run(client, r)
	o.Took = time.Since(o.Start)
	return o
}

func (o *Outcome) run(client *http.Client, r Request) (kind, detail string) {
	ctx, cancel := context.WithTimeout(context.Background(), r.Timeout)
	defer cancel()
	connections := 0
	defer func() { o.Retried = connections > 1 }()
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GotConn: func(httptrace.GotConnInfo) { connections++ },
	})
	req, err := http.NewRequestWithContext(ctx, r.Method, r.URL, bytes.NewReader(r.Body))
	if err != nil {
		return Other, err.Error()
	}
	for name, value := range r.Header {
		if http.CanonicalHeaderKey(name) == "Host" {
			req.Host = value
			continue
		}
		req.Header.Set(name, value)
	}
	var nonce string
	if r.Key != "" {
		nonce = proof.Nonce()
		req.Header.Set(proof.NonceHeader, nonce)
	}
	resp, err := client.Do(req)
	if err != nil {
		return Kind(err), err.Error()
	}
	defer resp.Body.Close()
	o.Status, o.Header = resp.StatusCode, resp.Header
	if o.Body, err = io.ReadAll(io.LimitReader(resp.Body, r.Keep)); err == nil {
		_, err = io.Copy(io.Discard, io.LimitReader(resp.Body, 16<<20))
	}
	switch {
	case err != nil:
		return Kind(err), err.Error()
	case o.Status < 200 || o.Status > 299:
		return Status, fmt.Sprintf("status %d: %.200s", o.Status, o.Body)
	case nonce != "" && !proof.Valid(r.Key, nonce, o.Header.Get(proof.ProofHeader)):
		return Proof, fmt.Sprintf("status %d without a valid %s", o.Status, proof.ProofHeader)
	}
	return OK, ""
}
