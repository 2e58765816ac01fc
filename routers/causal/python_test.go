package causal

import (
	"context"
	"math"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/routellm/routellm/internal/hint"

	"github.com/routellm/routellm/internal/llamatest"
)

// script starts the model server.
var script = filepath.Join("..", "..", "scripts", "serve_smollm2.py")

var texts = []string{
	"What is the boiling point of water on a mountain of 3,000 metres?",
	"Write a short poem about a lighthouse keeper who is afraid of the dark.",
	"func add(a, b int) int { return a - b } // find the bug",
	"日本の首都はどこですか。",
	"",
}

// labelMass asks through an API and returns the labels' probabilities, scaled to sum 1.
func labelMass(t *testing.T, endpoint, api, text string) (mass [len(labels)]float64) {
	t.Helper()
	r := newRouter(t, Options{Endpoint: endpoint, Model: "smollm2", API: api, Top: 2000})
	s := r.answers.(*server)
	q, err := s.question(context.Background(), text)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := s.post(context.Background(), q.path, q.body)
	if err != nil {
		t.Fatal(err)
	}
	tokens, err := q.decode(answer)
	if err != nil {
		t.Fatal(err)
	}
	sum := 0.0
	mass = masses(tokens)
	for _, p := range mass {
		sum += p
	}
	for k := range mass {
		mass[k] /= sum
	}
	if api == LlamaCPP && math.Abs(sum-1) > 1e-5 {
		t.Errorf("%q: the labels' probabilities add up to %v", text, sum)
	}
	return mass
}

// TestRealModel asks a model in every way that gives it the same tokens.
func TestRealModel(t *testing.T) {
	for name, c := range map[string]struct {
		args []string
		apis []string
	}{
		"raw":      {[]string{"--raw"}, []string{Completions, Chat}},
		"template": {nil, []string{Chat}},
	} {
		t.Run(name, func(t *testing.T) {
			endpoint, worst, most, least := llamatest.ModelServer(t, script, c.args...), 0.0, 0.0, 1.0
			for _, text := range texts {
				exact := labelMass(t, endpoint, LlamaCPP, text)
				for _, api := range c.apis {
					got := labelMass(t, endpoint, api, text)
					for k := range labels {
						d := math.Abs(math.Log(got[k] / exact[k]))
						if worst = max(worst, d); !(d < 0.2) {
							t.Errorf("%q, %s: %v, want %v", text, api, got, exact)
						}
					}
				}
				rate := exact[0] + exact[1] + exact[2]
				most, least = max(most, rate), min(least, rate)
			}
			if most-least < 0.01 {
				t.Errorf("all prompts have a win rate near %v", most)
			}
			t.Logf("APIs differ by at most %.3f in log-probability; win rates %.3f to %.3f", worst, least, most)
			t.Run("cache", func(t *testing.T) { cached(t, endpoint) })
			t.Run("refusals", func(t *testing.T) { refusals(t, endpoint) })
		})
	}
}

// cached asks twice through a cache that is opened anew each time.
func cached(t *testing.T, endpoint string) {
	at, err := url.Parse(strings.TrimSuffix(endpoint, "/v1"))
	if err != nil {
		t.Fatal(err)
	}
	var requests atomic.Int64
	forward := httputil.NewSingleHostReverseProxy(at)
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		requests.Add(1)
		forward.ServeHTTP(w, r)
	}))
	defer proxy.Close()
	var first []float64
	dir := t.TempDir()
	for run, most := range []int64{int64(len(texts) + len(labels) + 2), 0} {
		r := newRouter(t, Options{Endpoint: proxy.URL + "/v1", Model: "smollm2", API: LlamaCPP, CacheDir: dir})
		before := requests.Load()
		got, err := r.Scores(context.Background(), prompts(texts...))
		if err != nil {
			t.Fatal(err)
		}
		if n := requests.Load() - before; n != most || len(r.Warnings()) != 0 {
			t.Errorf("run %d: %d requests, want %d; warnings %q", run, n, most, r.Warnings())
		}
		for i, rate := range got {
			if !(rate >= 0 && rate <= 1) || run > 0 && rate != first[i] {
				t.Errorf("run %d: prompt %d has %v", run, i, rate)
			}
		}
		first = got
	}
}

func refusals(t *testing.T, endpoint string) {
	for _, api := range []string{Completions, Chat, LlamaCPP} {
		r := newRouter(t, Options{Endpoint: endpoint, Model: "smollm2", API: api})
		_, err := r.Scores(context.Background(), prompts(strings.Repeat("word ", 5000)))
		if err == nil || !strings.HasPrefix(err.Error(), `sample "p1": "http://127.0.0.1:`) || !strings.Contains(err.Error(), "400 Bad Request") {
			t.Errorf("%s, too long: error %v", api, err)
		}
		r = newRouter(t, Options{Endpoint: strings.TrimSuffix(endpoint, "/v1") + "/v2", Model: "smollm2", API: api})
		_, err = r.Scores(context.Background(), prompts("a"))
		if err == nil || !strings.Contains(err.Error(), "404 Not Found") || len(hint.Of(err)) == 0 {
			t.Errorf("%s, path: error %v", api, err)
		}
	}
}
