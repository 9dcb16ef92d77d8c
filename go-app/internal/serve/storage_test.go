package serve

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestPrepareData(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a", "b")
	if err := prepareData(dir); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(dir, "started-at")); err != nil {
		t.Error(err)
	}
	if err := prepareData(""); err != nil {
		t.Error(err)
	}
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := prepareData(filepath.Join(file, "data")); err == nil {
		t.Error("a file was taken for a folder")
	}
}

func TestFsinfo(t *testing.T) {
	s := newService(t, nil)
	dir := t.TempDir()
	if got := get(s.main + "/fsinfo?path=" + dir); !strings.Contains(string(got.Body), `"writable":true`) {
		t.Errorf("got %s", got.Body)
	}
	if got := get(s.main + "/fsinfo?path=" + dir + "/none"); !strings.Contains(string(got.Body), `"exists":false`) {
		t.Errorf("got %s", got.Body)
	}
	if got := get(s.main + "/fsinfo?path=here"); got.Status != 400 {
		t.Errorf("got %d", got.Status)
	}
}

func TestCacheThroughThePorts(t *testing.T) {
	s := newService(t, map[string]string{"CACHE_MB_PER_MIN": "1", "CACHE_MAX_MB": "2", "WORKING_SET_MB": "1"})
	if got := get(s.main + "/lookup"); got.Status != 404 {
		t.Errorf("an empty cache answered %d", got.Status)
	}
	tick := do("POST", s.admin+"/admin/tick?minutes=5", "", 5*time.Second)
	if !strings.Contains(string(tick.Body), `"cacheMB":2`) {
		t.Errorf("got %s", tick.Body)
	}
	if got := get(s.main + "/lookup"); got.Status != 200 {
		t.Errorf("got %d after a tick", got.Status)
	}
	if got := get(s.main + "/memory"); !strings.Contains(string(got.Body), `"cacheHits":1`) {
		t.Errorf("got %s", got.Body)
	}
	if got := do("POST", s.admin+"/admin/tick?minutes=9999", "", time.Second); got.Status != 400 {
		t.Errorf("got %d", got.Status)
	}
}
