package causal

import (
	"context"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/routellm/routellm/internal/hint"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/internal/modelserver/scripted"
)

// adapterFolder creates an adapter's folder.
func adapterFolder(t *testing.T, content string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, adapterFile), []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestAdapt(t *testing.T) {
	o := Options{Endpoint: "http://127.0.0.1:1/v1", Model: "m"}
	if _, err := Adapt(o, t.TempDir()); err == nil || !strings.Contains(err.Error(), adapterFile) || len(hint.Of(err)) == 0 {
		t.Errorf("error %v for a folder without an adapter", err)
	}
	dir := adapterFolder(t, "x")
	if a, err := Adapt(Options{}, dir); a != nil || err == nil || !strings.Contains(err.Error(), "no endpoint") {
		t.Errorf("%v, %v without an endpoint", a, err)
	}
	a, err := Adapt(o, dir)
	if err != nil {
		t.Fatal(err)
	}
	if got := a.SHA256(); got != datasets.DigestBytes([]byte("x")) {
		t.Errorf("digest %s", got)
	}
	if n := len(a.TrainingPrompts()); n != 0 {
		t.Errorf("%d training prompts that nothing names", n)
	}
}

func TestTheServerIsAskedForItsAdapter(t *testing.T) {
	for _, c := range []struct {
		status       int
		answer, want string
	}{
		{200, `[{"id":0,"path":"a.gguf","scale":1.0}]`, ""},
		{200, `[{"id":0,"path":"a.gguf","scale":0},{"id":1,"path":"b.gguf","scale":0.5}]`, ""},
		{404, `{"error":{"message":"File Not Found"}}`, ""},
		{200, `[]`, `/lora-adapters": it has no adapter with a scale above 0, expected the one in the given folder`},
		{200, `[{"id":0,"path":"a.gguf","scale":0}]`, `no adapter with a scale above 0`},
		{200, `{}`, `/lora-adapters": not the expected JSON`},
		{401, ``, `/lora-adapters" answered 401`},
	} {
		s := scripted.Start(t, func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path != "/lora-adapters" {
				llama(w, r)
				return
			}
			if r.Method != http.MethodGet {
				t.Errorf("%s %s", r.Method, r.URL.Path)
			}
			scripted.Answer(c.status, c.answer)(w, r)
		})
		a, err := Adapt(Options{Endpoint: s.URL + "/v1", Model: "m", API: LlamaCPP}, adapterFolder(t, "x"))
		if err != nil {
			t.Fatal(err)
		}
		_, err = a.Scores(context.Background(), prompts("a"))
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%d %s: error %v, want %q", c.status, c.answer, err, c.want)
		}
		if c.status == 200 && strings.HasPrefix(c.answer, "[") && c.want != "" && len(hint.Of(err)) != 2 {
			t.Errorf("%s: hints %q", c.answer, hint.Of(err))
		}
	}
}

// TestShippedAdapter checks the folder "model".
func TestShippedAdapter(t *testing.T) {
	a, err := Adapt(Options{Endpoint: "http://127.0.0.1:1/v1", Model: "m"}, "model")
	if err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(filepath.Join("model", adapterFile)); err != nil || info.Size() > 1e6 {
		t.Errorf("%v, %v, want at most 1 MB", info, err)
	}
	if got := a.SHA256(); got != AdapterSHA256 {
		t.Errorf("digest %s, want %s, whose scores are embedded: make scores", got, AdapterSHA256)
	}
	if n := len(a.TrainingPrompts()); n != 2099 { // 299 grades, 1,800 outcomes
		t.Errorf("%d training prompts", n)
	}
}
