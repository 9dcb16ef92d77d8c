package memory

import (
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
)

// scratch fills a folder with files of 1 MiB, and then replaces the oldest.
type scratch struct {
	mu     sync.Mutex
	dir    string
	most   int
	files  []string
	n      int
	failed bool
}

func newScratch(dir string, mb int) *scratch { return &scratch{dir: dir, most: mb} }

func (s *scratch) enabled() bool { return s.dir != "" && s.most > 0 }

// write adds a file. A folder that takes no more is reported once; the oldest
// file makes room for the next.
func (s *scratch) write(log *slog.Logger) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.files) >= s.most {
		s.drop()
	}
	s.n++
	name := filepath.Join(s.dir, fmt.Sprintf("part-%06d", s.n))
	if err := os.WriteFile(name, touched(mib), 0o600); err != nil {
		os.Remove(name) // half a file
		if !s.failed {
			log.Warn("scratch: " + err.Error())
		}
		s.failed = true
		s.drop()
		return
	}
	s.failed = false
	s.files = append(s.files, name)
}

func (s *scratch) drop() {
	if len(s.files) == 0 {
		return
	}
	os.Remove(s.files[0])
	s.files = s.files[1:]
}

func (s *scratch) megabytes() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.files)
}
