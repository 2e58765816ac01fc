package bert

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/routers/internal/modelfile"
)

// golden holds win rates that scripts/export_onnx.py computed with ONNX Runtime in
// Python.
type golden struct {
	ModelSHA256 string `json:"model_sha256"`
	Rows        []struct {
		Prompt  string  `json:"prompt"`
		Tokens  int     `json:"tokens"`
		WinRate float64 `json:"win_rate"`
	} `json:"rows"`
}

func readGolden(t *testing.T) golden {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "golden.json"))
	if err != nil {
		t.Fatal(err)
	}
	var g golden
	if err := json.Unmarshal(data, &g); err != nil {
		t.Fatal(err)
	}
	return g
}

// TestShippedModel checks the folder "model" as far as any build can.
func TestShippedModel(t *testing.T) {
	g := readGolden(t)
	digest, err := datasets.Digest(filepath.Join("model", modelFile))
	if err != nil || digest != g.ModelSHA256 || digest != ModelSHA256 {
		t.Errorf("model %s, %v, want %s of the golden file and %s, whose scores are embedded: make scores", digest, err, g.ModelSHA256, ModelSHA256)
	}
	f, err := readFolder("model")
	if err != nil {
		t.Fatal(err)
	}
	if f.maxTokens != 256 {
		t.Errorf("sequences of %d, want 256", f.maxTokens)
	}
	for i, row := range g.Rows {
		if ids, _ := f.ids(t.Context(), row.Prompt); len(ids) != row.Tokens {
			t.Errorf("prompt %d: %d tokens, want %d", i, len(ids), row.Tokens)
		}
	}
}

func TestShippedModelKnowsItsTraining(t *testing.T) {
	card, err := modelfile.FolderCard("model", "routellm-bert")
	if err != nil {
		t.Fatal(err)
	}
	prompts := 0
	for _, s := range card.Sources {
		prompts += s.Prompts
	}
	// 9,274 votes, 299 grades, 1,800 outcomes; some prompts occur twice.
	if n := len(card.Training); prompts != 11373 || n < 10000 || n > prompts {
		t.Errorf("%d training prompts, %d of them different", prompts, n)
	}
}
