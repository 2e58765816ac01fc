package external

import (
	"context"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/routellm/routellm/routers"
)

// documented saves a program of docs/own-router.md and returns its path.
func documented(t *testing.T, name string) string {
	t.Helper()
	if _, err := exec.LookPath("python3"); err != nil {
		if os.Getenv("ROUTELLM_REQUIRE_PYTHON") == "1" {
			t.Fatal("python3 is required")
		}
		t.Skip("skipped: no python3")
	}
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "own-router.md"))
	if err != nil {
		t.Fatal(err)
	}
	found := regexp.MustCompile("(?s)`" + regexp.QuoteMeta(name) + "`:\n\n```python\n(.*?)```").FindSubmatch(text)
	if found == nil {
		t.Fatalf("docs/own-router.md has no program %s", name)
	}
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, found[1], 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// checkScores checks a router's scores of a few texts.
func checkScores(t *testing.T, r routers.Router, want ...float64) {
	t.Helper()
	got, err := r.Scores(context.Background(), prompts("", "who signs", "Prove that\nα < \"β\" & derive it", "\u2028 \\"))
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("scores %v, %v, expected %v", got, err, want)
	}
}

func TestDocumentedCommand(t *testing.T) {
	c, err := OpenCommand("python3 '" + documented(t, "router.py") + "'")
	if err != nil {
		t.Fatal(err)
	}
	checkScores(t, c, 0, 2, 28, 1)
}

func TestDocumentedServer(t *testing.T) {
	address := freeAddress(t)
	_, port, _ := strings.Cut(address, ":")
	server := exec.Command("python3", documented(t, "server.py"), port)
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() {
		_ = server.Process.Kill()
		_ = server.Wait() // the error says that it was killed
	}()
	for range 1000 { // until it listens
		c, err := net.Dial("tcp", address)
		if err == nil {
			c.Close()
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	s, err := OpenServer("http://" + address + "/")
	if err != nil {
		t.Fatal(err)
	}
	checkScores(t, s, 0, 2, 8, 1)
}
