package causal

import (
	"path/filepath"
	"testing"

	"github.com/routellm/routellm/benchmarks"
	"github.com/routellm/routellm/internal/llamatest"
	"github.com/routellm/routellm/routers/internal/livetest"
	"github.com/routellm/routellm/routers/scores"
)

func TestLiveEqualsEmbedded(t *testing.T) {
	endpoint := llamatest.ModelServer(t, script, "--lora", filepath.Join("model", adapterFile))
	embedded, err := scores.Embed("causal_llm", AdapterSHA256, "", benchmarks.Scores("causal_llm"))
	if err != nil {
		t.Fatal(err)
	}
	live := newRouter(t, Options{Endpoint: endpoint, Model: "smollm2", API: LlamaCPP})
	livetest.Compare(t, live, embedded, livetest.Tolerance{Every: 0.1, Most: 0.05, Mean: 0.005})
}
