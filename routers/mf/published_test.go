package mf

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/routellm/routellm/routers"
	"github.com/routellm/routellm/routers/bradleyterry"
	"github.com/routellm/routellm/routers/internal/safetensors"
)

// TestPublishedForward compares scores with the reference implementation's forward pass.
func TestPublishedForward(t *testing.T) {
	data, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "golden", "mf.json"))
	if err != nil {
		t.Skip("skipped: no ../shared")
	}
	var g struct {
		State struct {
			P          [][]float64 `json:"P.weight"`
			Project    [][]float64 `json:"text_proj.0.weight"`
			Classifier [][]float64 `json:"classifier.0.weight"`
		} `json:"state_dict"`
		Vectors [][]float64 `json:"prompt_embeddings"`
		Prompts []struct {
			Prompt   int
			WinRates []struct {
				A     int     `json:"model_a"`
				B     int     `json:"model_b"`
				Torch float64 `json:"win_rate"`
				Want  float64 `json:"win_rate_float64"`
			} `json:"win_rates"`
		}
	}
	if err := json.Unmarshal(data, &g); err != nil {
		t.Fatal(err)
	}
	for _, p := range g.Prompts {
		for _, r := range p.WinRates {
			a := collapse(unit(g.State.P[r.A]), unit(g.State.P[r.B]), g.State.Classifier[0], slices.Concat(g.State.Project...))
			logit := 0.0
			for k, v := range g.Vectors[p.Prompt] {
				logit += a[k] * v
			}
			got := bradleyterry.Sigmoid(logit)
			if math.Abs(got-r.Want) > 1e-12 || math.Abs(got-r.Torch) > 1e-6 {
				t.Errorf("prompt %d, %d against %d: %v, want %v", p.Prompt, r.A, r.B, got, r.Want)
			}
		}
	}
}

// TestPublishedWeights checks the published file's win rates for known vectors.
func TestPublishedWeights(t *testing.T) {
	dir := filepath.Join("..", "..", "..", "shared", "models", "mf_gpt4_augmented")
	if _, err := os.Stat(dir); err != nil {
		t.Skip("skipped: no ../shared")
	}
	r, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	const n = 1536
	vector := func(at func(k int) float64) routers.Prompt {
		norm := 0.0
		for k := range n {
			norm += at(k) * at(k)
		}
		p := routers.Prompt{ID: "p", Vector: make([]float32, n)}
		for k := range p.Vector {
			p.Vector[k] = float32(at(k) / math.Sqrt(norm))
		}
		return p
	}
	for _, c := range []struct {
		name string
		at   func(k int) float64
		want float64
	}{
		{"first", func(k int) float64 { return max(0, float64(1-k)) }, 0.4940856},
		{"all alike", func(int) float64 { return 1 }, 0.5011951},
		{"alternating", func(k int) float64 { return float64(1 - 2*(k%2)) }, 0.5052252},
		{"ramp", func(k int) float64 { return float64(k + 1) }, 0.4752861},
	} {
		got, err := r.Scores(t.Context(), []routers.Prompt{vector(c.at)})
		if err != nil {
			t.Fatal(err)
		}
		if math.Abs(got[0]-c.want) > 1e-7 {
			t.Errorf("%s: win rate %.8f, want %.7f", c.name, got[0], c.want)
		}
	}
	if name, digest := r.VectorsFrom(); name != publishedEncoder || digest != "" {
		t.Errorf("vectors from %q, %q", name, digest)
	}
	if _, err := r.Scores(t.Context(), []routers.Prompt{{ID: "x", Vector: make([]float32, 256)}}); err == nil || !strings.Contains(err.Error(), "256 components, expected 1536") {
		t.Errorf("error %v", err)
	}
}

// TestPublishedShapes checks weights with wrong shapes and unknown models.
func TestPublishedShapes(t *testing.T) {
	weights := func(models, dim, dim2, text int) *safetensors.File {
		return &safetensors.File{Tensors: map[string]safetensors.Tensor{
			modelRows: safetensors.NewFloats(make([]float64, models*dim), models, dim),
			classify:  safetensors.NewFloats(make([]float64, dim2), 1, dim2),
			project:   safetensors.NewFloats(make([]float64, dim*text), dim, text),
		}}
	}
	for want, f := range map[string]*safetensors.File{
		"the weights are for 63 models":            weights(63, 2, 2, 4),
		`tensor "classifier.0.weight" has shape`:   weights(64, 2, 3, 4),
		`tensor "text_proj.0.weight" has shape []`: {Tensors: map[string]safetensors.Tensor{modelRows: weights(64, 2, 2, 4).Tensors[modelRows], classify: weights(64, 2, 2, 4).Tensors[classify]}},
	} {
		if _, err := published(f, publishedStrong, publishedWeak, ""); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
	if _, err := published(weights(64, 2, 2, 4), "gpt-4-1106-preview", "nobody", ""); err == nil || !strings.Contains(err.Error(), "not both among") {
		t.Errorf("error %v", err)
	}
	if names := ArenaModels(); len(names) != 64 || names[24] != publishedStrong || names[36] != publishedWeak {
		t.Errorf("models %v", names)
	}
}
