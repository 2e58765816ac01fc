package live

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

// modelServer starts llama.cpp with a small model and returns its address. It skips the test unless
// ROUTELLM_REQUIRE_PYTHON is 1.
func modelServer(t *testing.T) string {
	t.Helper()
	if os.Getenv("ROUTELLM_REQUIRE_PYTHON") != "1" {
		t.Skip("skipped: needs ROUTELLM_REQUIRE_PYTHON=1 and the Python packages")
	}
	c := exec.Command("python3", filepath.Join("..", "..", "..", "..", "..", "scripts", "serve_smollm2.py"))
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
	return strings.TrimSuffix(strings.TrimSpace(line), "/v1")
}
