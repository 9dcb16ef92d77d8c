package probe

import (
	"bytes"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"labs.dev/go-app/internal/process"
)

func TestExitCodes(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/bad":
			w.WriteHeader(503)
		case "/slow":
			<-r.Context().Done()
		case "/echo":
			body, _ := io.ReadAll(r.Body)
			w.Write([]byte(r.Method + " " + r.Header.Get("X-Lab-Token") + " " + string(body)))
		}
	}))
	defer server.Close()
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed.Close()
	host := strings.TrimPrefix(server.URL, "http://")
	for _, tt := range []struct {
		args string
		code int
		kind string
	}{
		{server.URL, 0, "ok"},
		{server.URL + "/bad", 1, "status"},
		{"--expect 503 " + server.URL + "/bad", 0, "ok"},
		{"--expect 204 " + server.URL, 1, "status"},
		{server.URL + "/slow --timeout 50ms", 1, "timeout"},
		{"http://" + closed.Addr().String(), 1, "refused"},
		{"tcp://" + host, 0, "ok"},
		{"tcp://" + closed.Addr().String(), 1, "refused"},
		{"dns:127.0.0.1", 0, "ok"},
		{"", 2, ""},
		{"--nope " + server.URL, 2, ""},
		{"--header x " + server.URL, 2, ""},
		{server.URL + " " + server.URL, 2, ""},
	} {
		var out bytes.Buffer
		args := append([]string{"--json"}, strings.Fields(tt.args)...)
		if code := Run(&process.Process{Args: args, Stdout: &out, Stderr: io.Discard}); code != tt.code {
			t.Errorf("%s: exit %d, want %d (%s)", tt.args, code, tt.code, out.String())
		}
		if tt.code == 2 {
			continue
		}
		var r Result
		if err := json.Unmarshal(out.Bytes(), &r); err != nil {
			t.Fatal(err)
		}
		if r.Kind != tt.kind || (r.Error == "") != (tt.code == 0) {
			t.Errorf("%s: got %+v", tt.args, r)
		}
	}
	var out bytes.Buffer
	Run(&process.Process{Args: []string{"--header", "X-Lab-Token=a=b", "--body", "hi", server.URL + "/echo"}, Stdout: &out, Stderr: io.Discard})
	if out.String() != "POST a=b hi" {
		t.Errorf("got %q", out.String())
	}
}
