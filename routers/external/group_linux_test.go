package external

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestChildrenAreKilled checks that a shell's children are killed with it.
func TestChildrenAreKilled(t *testing.T) {
	file := filepath.Join(t.TempDir(), "pid")
	c, err := OpenCommand(`sh -c 'sleep 600 & echo $! > "$0".new; mv "$0".new "$0"; wait' ` + file)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() {
		_, err := c.Scores(ctx, prompts("x"))
		ended <- err
	}()
	var pid []byte
	soon(t, "the shell has a child", func() bool { pid, err = os.ReadFile(file); return err == nil })
	cancel()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want the error of the context", err)
	}
	soon(t, "the child is gone", func() bool {
		stat, err := os.ReadFile("/proc/" + strings.TrimSpace(string(pid)) + "/stat")
		return err != nil || strings.Contains(string(stat), ") Z ") // a zombie counts as ended: nobody may have waited for it
	})
}

// soon waits until a condition holds.
func soon(t *testing.T, what string, is func() bool) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); !is(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("timed out after a minute: %s", what)
		}
	}
}
