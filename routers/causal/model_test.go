package causal

import (
	"context"
	"math"
	"path/filepath"
	"slices"
	"testing"

	"github.com/routellm/routellm/internal/llamatest"
)

// rates returns the server's win rates of texts.
func rates(t *testing.T, endpoint string, texts []string) []float64 {
	t.Helper()
	got, err := newRouter(t, Options{Endpoint: endpoint, Model: "smollm2", API: LlamaCPP}).Scores(context.Background(), prompts(texts...))
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// farthest returns the largest difference between a and b, component by component.
func farthest(a, b []float64) (most float64) {
	for i := range a {
		most = max(most, math.Abs(a[i]-b[i]))
	}
	return most
}

// TestAdapter asks the model with and without the shipped adapter.
func TestAdapter(t *testing.T) {
	bare, with := llamatest.ModelServer(t, script), llamatest.ModelServer(t, script, "--lora", filepath.Join("model", adapterFile))
	without, got := rates(t, bare, texts), rates(t, with, texts)
	if d := farthest(got, without); d < 0.1 {
		t.Errorf("win rates %.3f with the adapter, %.3f without", got, without)
	}
	for endpoint, fits := range map[string]bool{bare: false, with: true} {
		a, err := Adapt(Options{Endpoint: endpoint, Model: "smollm2", API: LlamaCPP}, "model")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := a.Scores(context.Background(), prompts(texts[0])); (err == nil) != fits {
			t.Errorf("with the adapter's folder: %v", err)
		}
	}
	back := slices.Clone(texts)
	slices.Reverse(back)
	again := rates(t, with, back)
	slices.Reverse(again)
	if d := farthest(got, again); d > 0.005 {
		t.Errorf("win rates %.3f, in another order %.3f", got, again)
	}
	t.Logf("win rates %.3f, in another order %.3f, without the adapter %.3f", got, again, without)
}
