package judging

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/routellm/routellm/answers"
	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/judging/judgetest"
	"github.com/routellm/routellm/results"
)

func ptr[T any](v T) *T { return &v }

// world says what answers a made file holds.
type world struct {
	rows, repeats int     // prompts, and rows per prompt
	gap           float64 // how much better the first model is
	spread        float64 // standard deviation of the answers' worth
	binary        bool    // whether known labels are 0 and 1
}

// file makes a file with two models, whose answers say what they are worth, and the known labels
// quality: the worth of the answer, or whether it is above 5.5. Long answers are no better.
func (w world) file(seed uint64) *answers.File {
	r := rand.New(rand.NewPCG(seed, 1))
	f := &answers.File{Name: "made", Models: []answers.Model{{Name: "big"}, {Name: "small"}}}
	known := answers.Labels{Name: "quality", Values: make([][]float64, 2)}
	for row := range w.rows {
		hard := r.NormFloat64() * w.spread
		for repeat := range max(1, w.repeats) {
			f.SampleID = append(f.SampleID, fmt.Sprintf("s%d#%d", row, repeat))
			f.Cluster = append(f.Cluster, fmt.Sprintf("s%d", row))
			f.Prompt = append(f.Prompt, fmt.Sprintf("question %d", row))
			for m := range 2 {
				v := 5.5 + w.gap*(0.5-float64(m)) + hard + r.NormFloat64()*w.spread
				v = math.Round(100*min(max(v, 1), 10)) / 100
				text := fmt.Sprintf("worth=%.2f r%d ", v, r.IntN(1e9))
				text += strings.Repeat("x", max(0, int(judgetest.Length*math.Exp(r.NormFloat64()))-len(text)))
				f.Models[m].Text = append(f.Models[m].Text, &text)
				if w.binary {
					v = map[bool]float64{true: 1, false: 0}[v > 5.5]
				}
				known.Values[m] = append(known.Values[m], v)
			}
		}
	}
	f.Labels = []answers.Labels{known}
	return f
}

// judged asks a judge about a file.
func judged(t testing.TB, f *answers.File, j Judge, o Options) *Judgement {
	t.Helper()
	q, err := Prepare(f, o)
	if err != nil {
		t.Fatal(err)
	}
	out, err := q.Ask(context.Background(), j)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

var bootstrap = eval.Bootstrap{Resamples: 199, Confidence: 0.95, Seed: 1}

// checked returns the checks by name.
func checked(t testing.TB, j *Judgement, o CheckOptions) map[string]results.JudgeCheck {
	t.Helper()
	o.Labels = "judged"
	if o.Bootstrap.Resamples == 0 {
		o.Bootstrap = bootstrap
	}
	list, err := j.Check(o)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]results.JudgeCheck{}
	for _, c := range list {
		out[c.Name] = c
	}
	return out
}
