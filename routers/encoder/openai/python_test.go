package openai

import (
	"context"
	"errors"
	"math"
	"net/http"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/routellm/routellm/internal/hint"

	"github.com/routellm/routellm/internal/llamatest"
	"github.com/routellm/routellm/routers/encoder"
	"github.com/routellm/routellm/routers/encoder/cache"
)

// counter counts outgoing requests.
type counter struct{ n atomic.Int64 }

func (c *counter) RoundTrip(r *http.Request) (*http.Response, error) {
	c.n.Add(1)
	return http.DefaultTransport.RoundTrip(r)
}

var prompts = []string{
	"What is the boiling point of water on a mountain of 3,000 metres?",
	"Write a short poem about a lighthouse keeper who is afraid of the dark.",
	"Sum the integers from 1 to 100.",
	"Which is larger: 9 to the power of 8, or 8 to the power of 9?",
	"Explain to a child why the sky turns red in the evening.",
	"func add(a, b int) int { return a - b } // find the bug",
	"¿Cuál es la capital de Mongolia?",
	"日本の首都はどこですか。",
	"Translate \"good morning\" into Finnish, Greek and Swahili.",
	strings.Repeat("The committee met again and decided nothing. ", 6),
	"ok",
	"",
}

func TestRealModel(t *testing.T) {
	script := filepath.Join("..", "..", "..", "scripts", "serve_smollm2.py")
	base := llamatest.ModelServer(t, script, "--embedding", "--threads", "1") // more threads spin where cores are shared
	ctx, requests := context.Background(), &counter{}
	e := newEncoder(t, Options{BaseURL: base, Model: "smollm2"})
	e.client.Transport = requests

	vectors := encodeAll(t, e, prompts)
	same, single := 1.0, 1.0
	for i, again := range encodeAll(t, e, prompts) {
		same = min(same, cosine(vectors[i], again))
		single = min(single, cosine(vectors[i], encodeAll(t, e, prompts[i:i+1])[0]))
	}
	if same < 0.999 || single < 0.999 {
		t.Errorf("cosine of the same text %v, of a batch and alone %v", same, single)
	}
	nearest := -1.0
	for i := range vectors {
		for _, other := range vectors[:i] {
			nearest = max(nearest, cosine(vectors[i], other))
		}
	}
	if nearest > 0.9999 {
		t.Errorf("different texts have a cosine of %v", nearest)
	}
	t.Logf("%d components; cosine of the same text %.6f, of a batch and alone %.6f, of two texts at most %.6f", len(vectors[0]), same, single, nearest)

	t.Run("cache", func(t *testing.T) { cached(t, e, vectors, requests) })
	t.Run("refusals", func(t *testing.T) {
		_, err := newEncoder(t, Options{BaseURL: base, Dimensions: 7}).Encode(ctx, prompts)
		if err == nil || !strings.Contains(err.Error(), "components, expected 7") || len(hint.Of(err)) != 1 {
			t.Errorf("dimensions: error %v", err)
		}
		_, err = newEncoder(t, Options{BaseURL: strings.TrimSuffix(base, "/v1") + "/v2"}).Encode(ctx, prompts)
		if err == nil || !strings.Contains(err.Error(), "404 Not Found") {
			t.Errorf("path: error %v", err)
		}
		long := newEncoder(t, Options{BaseURL: base})
		long.client.Retries = 0 // the server answers 500
		_, err = long.Encode(ctx, []string{strings.Repeat("word ", 5000)})
		if b := (*encoder.BatchError)(nil); !errors.As(err, &b) || b.Count != 1 || !strings.Contains(err.Error(), "too large") {
			t.Errorf("too long: error %v", err)
		}
	})
}

// cached encodes twice through a cache that is opened anew each time.
func cached(t *testing.T, e *Encoder, want [][]float32, requests *counter) {
	dir := t.TempDir()
	for run, most := range []int64{1, 0} {
		c, err := cache.Open(dir, e.CacheKey())
		if err != nil {
			t.Fatal(err)
		}
		before := requests.n.Load()
		got := encodeAll(t, cache.Wrap(e, c), prompts)
		if n := requests.n.Load() - before; n != most || len(c.Warnings()) != 0 {
			t.Errorf("run %d: %d requests, want %d; warnings %q", run, n, most, c.Warnings())
		}
		for i := range want {
			if cosine(got[i], want[i]) < 0.999 {
				t.Errorf("run %d: prompt %d has a cosine of %v", run, i, cosine(got[i], want[i]))
			}
		}
	}
}

// encodeAll checks that the vectors have one length and finite components.
func encodeAll(t *testing.T, e encoder.Encoder, texts []string) [][]float32 {
	t.Helper()
	vectors, err := e.Encode(context.Background(), texts)
	if err != nil {
		t.Fatal(err)
	}
	for i, v := range vectors {
		if len(v) < 2 || len(v) != len(vectors[0]) || !(cosine(v, v) > 0.999) {
			t.Fatalf("vector %d of %d components: %v", i, len(v), v)
		}
	}
	return vectors
}

// cosine returns the cosine of two vectors, NaN if a component is not finite.
func cosine(a, b []float32) float64 {
	var dot, aa, bb float64
	for k := range a {
		x, y := float64(a[k]), float64(b[k])
		dot, aa, bb = dot+x*y, aa+x*x, bb+y*y
	}
	return dot / math.Sqrt(aa*bb)
}
