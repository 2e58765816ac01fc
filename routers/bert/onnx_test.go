//go:build cgo && onnx

package bert

import (
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/routellm/routellm/routers"
)

// needLibrary skips the test if ONNX Runtime is not found. `make test-onnx` fetches it
// first.
func needLibrary(t testing.TB) string {
	t.Helper()
	path, err := findLibrary("")
	if err != nil {
		t.Skip("skipped: ", err)
	}
	return path
}

func TestWinRatesArePythons(t *testing.T) {
	needLibrary(t)
	r, err := Open("model", Options{})
	if err != nil {
		t.Fatal(err)
	}
	g := readGolden(t)
	prompts := make([]routers.Prompt, len(g.Rows))
	for i, row := range g.Rows {
		prompts[i].Text = row.Prompt
	}
	rates, err := r.Scores(context.Background(), prompts)
	if err != nil || len(rates) < 20 {
		t.Fatal(len(rates), err)
	}
	worst := 0.0
	for i, row := range g.Rows {
		worst = max(worst, math.Abs(rates[i]-row.WinRate))
	}
	t.Logf("largest difference %.2g", worst)
	if worst > 1e-4 {
		t.Errorf("largest difference %.2g", worst)
	}
}

func TestThreadsDoNotChangeScores(t *testing.T) {
	needLibrary(t)
	var prompts []routers.Prompt
	for i, row := range readGolden(t).Rows {
		prompts = append(prompts, routers.Prompt{ID: string(rune('a' + i)), Text: row.Prompt})
	}
	var want []float64
	for _, threads := range []int{1, 4} {
		r, err := Open("model", Options{Threads: threads})
		if err != nil {
			t.Fatal(err)
		}
		got, err := r.Scores(context.Background(), prompts)
		if err != nil {
			t.Fatal(err)
		}
		for i := range want {
			if got[i] != want[i] {
				t.Errorf("prompt %d: %v with %d threads, %v with one", i, got[i], threads, want[i])
			}
		}
		want = got
	}
}

func TestTrainedRouter(t *testing.T) {
	needLibrary(t)
	r, err := Open("model", Options{})
	if err != nil {
		t.Fatal(err)
	}
	if strong, weak := r.(routers.Paired).Pair(); strong == "" || weak == "" {
		t.Errorf("pair %q and %q", strong, weak)
	}
	if len(r.(routers.Trained).TrainingPrompts()) == 0 {
		t.Error("no training prompts")
	}
}

func TestOpenFails(t *testing.T) {
	library := needLibrary(t)
	other := filepath.Join(t.TempDir(), "other.so")
	if err := os.Symlink(library, other); err != nil {
		t.Fatal(err)
	}
	if err := load(library); err != nil {
		t.Fatal(err)
	}
	good := goodFolder(t)
	tests := map[string]struct {
		dir, library, err string
	}{
		"no such library": {"model", filepath.Join(t.TempDir(), "none.so"), "no such file"},
		"two libraries":   {"model", other, "already loaded from"},
		"broken network":  {write(t, good), "", modelFile},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if _, err := Open(test.dir, Options{Library: test.library}); err == nil || !strings.Contains(err.Error(), test.err) {
				t.Errorf("error %v, want one with %q", err, test.err)
			}
		})
	}
}

func TestLabelsMustFitTheOutput(t *testing.T) {
	needLibrary(t)
	files := goodFolder(t)
	files["config.json"] = `{"id2label": {"0": "LABEL_0", "1": "LABEL_1", "2": "LABEL_2"}, "max_position_embeddings": 512}`
	network, err := os.ReadFile(filepath.Join("model", modelFile))
	if err != nil {
		t.Fatal(err)
	}
	files[modelFile] = string(network)
	path := write(t, files)
	_, err = Open(path, Options{})
	if want := fmt.Sprintf("%q: the output has shape [1 2], expected [1 3]", filepath.Join(path, modelFile)); err == nil || err.Error() != want {
		t.Errorf("error %v, want %s", err, want)
	}
	files["config.json"] = twoLabels
	r, err := Open(write(t, files), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := r.(routers.Trained); ok {
		t.Error("a folder without training.safetensors claims to know its training")
	}
}

func TestFindLibrary(t *testing.T) {
	path := filepath.Join(t.TempDir(), "mine.so")
	t.Setenv(libraryVariable, path)
	if _, err := findLibrary(""); err == nil || !strings.HasPrefix(err.Error(), "ONNX Runtime from $ROUTELLM_ONNXRUNTIME: ") || !strings.Contains(err.Error(), path) {
		t.Errorf("error %v", err)
	}
	if _, err := findLibrary("none.so"); err == nil || strings.Contains(err.Error(), libraryVariable) {
		t.Errorf("error %v for an unusable option", err)
	}
	if err := os.WriteFile(path, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if got, err := findLibrary(""); got != path || err != nil {
		t.Errorf("%q, %v, want %q", got, err, path)
	}
	if got, err := findLibrary("onnx_test.go"); got != "onnx_test.go" || err != nil {
		t.Errorf("%q, %v: the option does not come first", got, err)
	}
}

func BenchmarkScores(b *testing.B) {
	needLibrary(b)
	r, err := Open("model", Options{Threads: 1})
	if err != nil {
		b.Fatal(err)
	}
	prompts := []routers.Prompt{{Text: strings.Repeat("How far is the harbour? ", 9)}} // 56 tokens
	for b.Loop() {
		if _, err := r.Scores(context.Background(), prompts); err != nil {
			b.Fatal(err)
		}
	}
}
