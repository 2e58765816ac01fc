//go:build cgo && onnx

package bert

import (
	"testing"

	"github.com/routellm/routellm/benchmarks"
	"github.com/routellm/routellm/routers/internal/livetest"
	"github.com/routellm/routellm/routers/scores"
)

func TestLiveEqualsEmbedded(t *testing.T) {
	needLibrary(t)
	live, err := Open("model", Options{})
	if err != nil {
		t.Fatal(err)
	}
	embedded, err := scores.Embed("bert", ModelSHA256, "", benchmarks.Scores("bert"))
	if err != nil {
		t.Fatal(err)
	}
	livetest.Compare(t, live, embedded, livetest.Tolerance{Every: 1e-4, Most: 1e-4, Mean: 1e-4})
}
