// Package token guards the ports that only the labs may use.
package token

import (
	"crypto/subtle"
	"net/http"

	"labs.dev/go-app/internal/reply"
)

// Header is the request header that carries the token.
const Header = "X-Lab-Token"

// Require answers 401 unless the request carries want. An empty want refuses
// everything, so that a port without a token cannot be used, nor probed.
func Require(want string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got := r.Header.Get(Header)
		if want == "" || subtle.ConstantTimeCompare([]byte(got), []byte(want)) != 1 {
			reply.Error(w, http.StatusUnauthorized, "missing or wrong "+Header)
			return
		}
		next.ServeHTTP(w, r)
	})
}
