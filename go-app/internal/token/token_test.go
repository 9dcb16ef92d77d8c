package token

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

func TestRequire(t *testing.T) {
	next := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) })
	for _, tt := range []struct {
		name, want, got string
		status          int
	}{
		{"right", "secret", "secret", 200},
		{"wrong", "secret", "secreT", 401},
		{"none", "secret", "", 401},
		{"not configured", "", "", 401},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := httptest.NewRequest("GET", "/", nil)
			r.Header.Set(Header, tt.got)
			w := httptest.NewRecorder()
			Require(tt.want, next).ServeHTTP(w, r)
			if w.Code != tt.status {
				t.Errorf("got %d, want %d", w.Code, tt.status)
			}
		})
	}
}
