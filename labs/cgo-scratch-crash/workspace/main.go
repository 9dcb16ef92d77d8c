// Quotes answers GET /quote?of=N with the quote of a number, and the edition that it is from.
package main

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"os/signal"
	"strconv"
	"syscall"
	"time"
)

// sign tells clients that it is this service which answers.
func sign(w http.ResponseWriter, r *http.Request) {
	nonce, key := r.Header.Get("X-Nonce"), os.Getenv("ADMIN_TOKEN")
	if nonce == "" || key == "" {
		return
	}
	mac := hmac.New(sha256.New, []byte(key))
	mac.Write([]byte(nonce))
	w.Header().Set("X-Proof", hex.EncodeToString(mac.Sum(nil)))
}

func serveQuote(w http.ResponseWriter, r *http.Request) {
	sign(w, r)
	of, err := strconv.ParseUint(r.URL.Query().Get("of"), 10, 32)
	if err != nil {
		http.Error(w, "of: a number is needed", http.StatusBadRequest)
		return
	}
	result, err := quote(uint32(of))
	if err != nil {
		http.Error(w, err.Error(), http.StatusServiceUnavailable)
		return
	}
	fmt.Fprintf(w, "quote %d edition %s\n", result, edition)
}

func main() {
	port := os.Getenv("PORT")
	if port == "" {
		port = "8080"
	}
	http.HandleFunc("GET /quote", serveQuote)
	server := &http.Server{Addr: ":" + port, ReadHeaderTimeout: 5 * time.Second}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer stop()
	go func() {
		<-ctx.Done()
		server.Shutdown(context.Background())
	}()
	slog.Info("quotes", "port", port)
	if err := server.ListenAndServe(); err != http.ErrServerClosed {
		slog.Error("quotes", "error", err)
		os.Exit(1)
	}
}
