package serve

import (
	"net/http"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"labs.dev/go-app/internal/reply"
)

// prepareData makes the data folder and proves that it can be written.
func prepareData(dir string) error {
	if dir == "" {
		return nil
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "started-at"), []byte(time.Now().UTC().Format(time.RFC3339)), 0o644)
}

// writeOK is W_OK of access(2).
const writeOK = 2

// fsinfo tells what is at a path and whether this process may write there.
func (s *Server) fsinfo(w http.ResponseWriter, r *http.Request) {
	path := r.URL.Query().Get("path")
	if !filepath.IsAbs(path) {
		reply.Error(w, http.StatusBadRequest, "path: want an absolute path")
		return
	}
	info, err := os.Stat(path)
	if err != nil {
		reply.JSON(w, http.StatusOK, map[string]any{"path": path, "exists": false, "error": err.Error()})
		return
	}
	answer := map[string]any{
		"path": path, "exists": true, "mode": info.Mode().String(), "writable": syscall.Access(path, writeOK) == nil,
	}
	if stat, ok := info.Sys().(*syscall.Stat_t); ok {
		answer["uid"], answer["gid"] = stat.Uid, stat.Gid
	}
	reply.JSON(w, http.StatusOK, answer)
}

func (s *Server) showMemory(w http.ResponseWriter, _ *http.Request) {
	reply.JSON(w, http.StatusOK, s.memory.Report())
}

// lookup answers 200 for what the cache has, and 404.
func (s *Server) lookup(w http.ResponseWriter, _ *http.Request) {
	hit := s.memory.Lookup()
	status := http.StatusOK
	if !hit {
		status = http.StatusNotFound
	}
	reply.JSON(w, status, map[string]bool{"hit": hit})
}

// mostMinutes bounds what one call may add to the cache.
const mostMinutes = 240

// tick lets the cache live through so many minutes at once.
func (s *Server) tick(w http.ResponseWriter, r *http.Request) {
	minutes, err := reply.Int(r, "minutes", 60, 1, mostMinutes)
	if err != nil {
		reply.Error(w, http.StatusBadRequest, err.Error())
		return
	}
	s.memory.Advance(minutes)
	reply.JSON(w, http.StatusOK, s.memory.Report())
}
