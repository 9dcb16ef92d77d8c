package kubeapply

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"time"
)

// accountDir is where a pod finds its service account.
const accountDir = "/var/run/secrets/kubernetes.io/serviceaccount"

// client speaks to one API server with one token.
type client struct {
	base  string
	token string
	http  *http.Client
}

// statusError is a refusal of the API server, in the words of kubectl.
type statusError struct {
	code    int
	message string
}

func (e *statusError) Error() string { return e.message }

// inCluster returns a client for the cluster that this process runs in.
func inCluster(lookup func(string) (string, bool), tokenFile string) (*client, error) {
	host, _ := lookup("KUBERNETES_SERVICE_HOST")
	port, _ := lookup("KUBERNETES_SERVICE_PORT")
	if host == "" || port == "" {
		return nil, errors.New("this is not a pod: KUBERNETES_SERVICE_HOST is not set")
	}
	token, err := os.ReadFile(tokenFile)
	if err != nil {
		return nil, err
	}
	pem, err := os.ReadFile(accountDir + "/ca.crt")
	if err != nil {
		return nil, err
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(pem) {
		return nil, errors.New("ca.crt holds no certificate")
	}
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}}
	return &client{
		base:  "https://" + net.JoinHostPort(host, port),
		token: strings.TrimSpace(string(token)),
		http:  &http.Client{Transport: transport, Timeout: 10 * time.Second},
	}, nil
}

// do makes one call; a refusal is a *statusError.
func (c *client) do(ctx context.Context, method, path, contentType string, body object) (object, error) {
	var text []byte
	if body != nil {
		var err error
		if text, err = json.Marshal(body); err != nil {
			return nil, err
		}
	}
	req, err := http.NewRequestWithContext(ctx, method, c.base+path, bytes.NewReader(text))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Authorization", "Bearer "+c.token)
	req.Header.Set("Accept", "application/json")
	if contentType != "" {
		req.Header.Set("Content-Type", contentType)
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return nil, fmt.Errorf("error: %w", err)
	}
	defer resp.Body.Close()
	var answer object
	if err := json.NewDecoder(io.LimitReader(resp.Body, 8<<20)).Decode(&answer); err != nil {
		return nil, fmt.Errorf("error: the API server answered %s without JSON", resp.Status)
	}
	if resp.StatusCode >= 300 {
		return nil, refusal(resp.StatusCode, answer)
	}
	return answer, nil
}

func refusal(code int, answer object) error {
	if code == http.StatusUnauthorized {
		return &statusError{code, "error: You must be logged in to the server (Unauthorized)"}
	}
	reason, _ := answer["reason"].(string)
	message, _ := answer["message"].(string)
	return &statusError{code, fmt.Sprintf("Error from server (%s): %s", reason, message)}
}
