// Package servetest starts model servers for the tests of serve and its packages. See
// [ModelServer].
package servetest

import (
	"bufio"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// ModelServer starts llama.cpp with a small model and returns its base URL, which ends in /v1.
// The arguments are those of scripts/serve_smollm2.py.
func ModelServer(t *testing.T, args ...string) string {
	t.Helper()
	c := exec.Command("python3", append([]string{filepath.Join(root(t), "scripts", "serve_smollm2.py")}, args...)...)
	c.Env = append(os.Environ(), "OMP_WAIT_POLICY=passive") // threads that spin starve each other
	c.WaitDelay = 10 * time.Second
	in, err := c.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		in.Close()
		_, _ = io.Copy(io.Discard, out)
		_ = c.Wait()
	})
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(line)
}

// root returns the folder of this repository.
func root(t *testing.T) string {
	t.Helper()
	dir, err := os.Getwd()
	for ; err == nil && dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
	}
	t.Fatal("the repository's root is not found: ", err)
	return ""
}
