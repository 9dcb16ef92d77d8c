package proof

import "testing"

func TestSum(t *testing.T) {
	// RFC 4231, test case 2
	const want = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
	if got := Sum("Jefe", "what do ya want for nothing?"); got != want {
		t.Errorf("got %s", got)
	}
}

func TestValid(t *testing.T) {
	nonce := Nonce()
	if nonce == Nonce() || len(nonce) != 32 {
		t.Error("nonces must be random and 32 digits long")
	}
	if !Valid("k", nonce, Sum("k", nonce)) || Valid("k", nonce, Sum("other", nonce)) || Valid("k", nonce, "") {
		t.Error("only the own key proves a nonce")
	}
	if Valid("", nonce, Sum("", nonce)) {
		t.Error("an empty key proves nothing")
	}
}
