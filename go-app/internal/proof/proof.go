// Package proof lets a client tell the real service from an impostor that
// answers 200 to everything: only the service knows the key.
package proof

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
)

// Headers of a request with a nonce and of the response that proves it.
const (
	NonceHeader = "X-Nonce"
	ProofHeader = "X-Proof"
)

// Sum returns hex(HMAC-SHA256(key, nonce)).
func Sum(key, nonce string) string {
	mac := hmac.New(sha256.New, []byte(key))
	mac.Write([]byte(nonce))
	return hex.EncodeToString(mac.Sum(nil))
}

// Valid tells whether got proves nonce under key, in constant time.
func Valid(key, nonce, got string) bool {
	return key != "" && hmac.Equal([]byte(got), []byte(Sum(key, nonce)))
}

// Nonce returns 32 random hexadecimal digits.
func Nonce() string {
	b := make([]byte, 16)
	rand.Read(b) // never fails
	return hex.EncodeToString(b)
}
