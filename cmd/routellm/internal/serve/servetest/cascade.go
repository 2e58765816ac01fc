package servetest

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/eval/pool"
	"github.com/routellm/routellm/routers"
	"github.com/routellm/routellm/routers/training"
	"github.com/routellm/routellm/routers/weakfirst"
)

// Cascade trains a cascade for the models big and small, which rejects answers of which the small one
// was not certain, and returns its file.
func Cascade(t testing.TB) string {
	t.Helper()
	const n = 200
	r := rand.New(rand.NewPCG(1, 2))
	o := &training.Outcomes{Sources: []training.SourceInfo{{Kind: "gold", Name: "test", Prompts: n}}, Models: []string{"big", "small"}, Quality: pool.NewMatrix(n, 2)}
	for i := range n {
		text, a, right := fmt.Sprintf("%s%d", strings.Repeat("easy ", r.IntN(9)), i), routers.UnknownAnswer(), float64(i%2)
		a.Text, a.HasText, a.Finish, a.Tokens, a.LogprobMean = strings.Repeat("so ", 1+r.IntN(9)), true, "stop", float64(2+r.IntN(9)), -math.Exp(r.NormFloat64()/2-2*right)
		p := routers.NewPrompt(fmt.Sprint(i), text)
		p.Answer = &a
		o.Prompts, o.Norm, o.Cluster = append(o.Prompts, p), append(o.Norm, datasets.NormSHA256Hex(text)), append(o.Cluster, p.ID)
		copy(o.Quality.Row(i), []float64{1, right})
	}
	m, _, err := weakfirst.Train(context.Background(), o, 0, 1, weakfirst.Options{Options: training.Options{Strong: "big", Weak: "small"}})
	path := filepath.Join(t.TempDir(), "cascade.safetensors")
	if err == nil {
		err = m.WriteFile(path)
	}
	if err != nil {
		t.Fatal(err)
	}
	return path
}
