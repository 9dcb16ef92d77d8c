package kubeapply

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"labs.dev/go-app/internal/process"
)

// server is an API server with one Deployment at most.
type server struct {
	live   object
	calls  []string
	deny   string
	status int
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.calls = append(s.calls, r.Method+" "+r.URL.Path)
	answer := func(code int, o object) {
		w.WriteHeader(code)
		json.NewEncoder(w).Encode(o)
	}
	if r.Header.Get("Authorization") != "Bearer t" {
		answer(401, object{"reason": "Unauthorized", "message": "Unauthorized"})
		return
	}
	if s.deny == r.Method {
		answer(403, object{"reason": "Forbidden", "message": "deployments.apps is forbidden"})
		return
	}
	switch r.Method {
	case "GET":
		if s.live == nil {
			answer(404, object{"reason": "NotFound", "message": "not found"})
			return
		}
	default:
		var body object
		json.NewDecoder(r.Body).Decode(&body)
		s.live = body
		child(s.live, "status")["updatedReplicas"] = s.status
		child(s.live, "status")["availableReplicas"] = s.status
	}
	answer(200, s.live)
}

func run(t *testing.T, s *server, token, release string, wait time.Duration) (string, error) {
	t.Helper()
	web := httptest.NewServer(s)
	t.Cleanup(web.Close)
	file := filepath.Join(t.TempDir(), "web.json")
	manifest := `{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web","namespace":"production"},
		"spec":{"replicas":2,"template":{"metadata":{"labels":{"app":"web"}}}}}`
	if err := os.WriteFile(file, []byte(manifest), 0o600); err != nil {
		t.Fatal(err)
	}
	api := &client{base: web.URL, token: token, http: web.Client()}
	var out bytes.Buffer
	err := applyFile(context.Background(), api, &out, file, release, wait)
	return out.String(), err
}

func TestApplyCreatesThenChanges(t *testing.T) {
	s := &server{status: 2}
	for _, want := range []string{"deployment.apps/web created\n", "deployment.apps/web configured\n"} {
		out, err := run(t, s, "t", "r1", time.Second)
		if err != nil || !strings.HasPrefix(out, want) || !strings.Contains(out, "successfully rolled out") {
			t.Errorf("got %q, %v", out, err)
		}
	}
	const path = "/apis/apps/v1/namespaces/production/deployments"
	if got := s.calls[:2]; got[0] != "GET "+path+"/web" || got[1] != "POST "+path {
		t.Errorf("got %v", got)
	}
	for _, o := range []object{s.live, child(child(s.live, "spec"), "template")} {
		if child(child(o, "metadata"), "annotations")["dev.labs/release"] != "r1" {
			t.Errorf("not marked: %v", o)
		}
	}
}

func TestApplySpeaksAsKubectlDoes(t *testing.T) {
	if _, err := run(t, &server{}, "old", "", 0); err == nil || !strings.Contains(err.Error(), "You must be logged in") {
		t.Errorf("got %v", err)
	}
	_, err := run(t, &server{deny: "POST"}, "t", "", 0)
	if err == nil || err.Error() != "Error from server (Forbidden): deployments.apps is forbidden" {
		t.Errorf("got %v", err)
	}
}

func TestApplyFailsWhenTheRolloutDoesNotEnd(t *testing.T) {
	_, err := run(t, &server{status: 1}, "t", "", 10*time.Millisecond)
	if err == nil || !strings.Contains(err.Error(), "1 out of 2 new replicas have been updated") {
		t.Errorf("got %v", err)
	}
}

func TestRunOutsideOfACluster(t *testing.T) {
	for want, args := range map[int][]string{2: {}, 1: {"web.json"}} {
		var errs bytes.Buffer
		p := &process.Process{Args: args, Lookup: func(string) (string, bool) { return "", false }, Stderr: &errs}
		if got := Run(p); got != want || errs.Len() == 0 {
			t.Errorf("%v: got %d, %q", args, got, errs.String())
		}
	}
}

func TestResourceOf(t *testing.T) {
	core := object{"apiVersion": "v1", "kind": "ConfigMap", "metadata": object{"name": "a", "namespace": "b"}}
	if r, err := resourceOf(core); err != nil || r.path() != "/api/v1/namespaces/b/configmaps/a" {
		t.Errorf("got %s, %v", r.path(), err)
	}
	if _, err := resourceOf(object{"kind": "ConfigMap"}); err == nil {
		t.Error("half an object was taken")
	}
}
