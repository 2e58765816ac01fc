// Package weakfirst is a cascade of two models. It asks the weak model first and decides by its
// answer whether the strong one is asked, as FrugalGPT (arXiv 2305.05176) and AutoMix (arXiv
// 2310.12963) do: a logistic regression on signals of the answer (package signals) and counts of the
// prompt and, with [Options.Prompt], on the prompt's vector too. On the command line it is called
// cascade.
//
// A score is the expected gain of the strong model's answer, as a share of the largest gain among the
// training prompts, and 0 where it is no better. Where answers are right or wrong, that is the
// probability that the weak answer is wrong and the strong one right. [Train] makes a [Model].
package weakfirst

import (
	"context"
	"fmt"
	"math"

	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/routers"
	"github.com/routellm/routellm/routers/bradleyterry"
	"github.com/routellm/routellm/routers/signals"
	"github.com/routellm/routellm/routers/training"
)

// Model is a trained cascade. It is safe for concurrent use.
type Model struct {
	training.Card
	reads   []reading // the signals that it reads
	samples int       // number of further answers that agreement was computed from
	scale   scale     // scale of the counts and the vector
	weights []float64 // one per input, then the intercept
}

// reading is a signal that a model reads.
type reading struct {
	name        string
	at          int     // index in signals.All
	mean, scale float64 // a scaled signal is (value - mean) * scale, and 0 if it is not known
	always      bool    // whether it was known for every training prompt
}

// counts lists the counts of a prompt that a model reads.
var counts = routers.Counts()

// scale shifts and scales inputs: a scaled one is (x - mean) * factor.
type scale struct{ mean, factor []float64 }

// dim returns the number of components of the vectors that a model reads; 0 if it reads none.
func (m *Model) dim() int { return len(m.scale.mean) - len(counts) }

// Needs returns the parts of a prompt that Scores reads.
func (m *Model) Needs() routers.Needs { return routers.Needs{Features: true, Vector: m.dim() > 0} }

// AnswerNeeds returns the parts of the weak model's answer that Scores reads.
func (m *Model) AnswerNeeds() routers.AnswerNeeds { return signals.Needs(m.Signals(), m.samples) }

// Signals returns the names of the signals that the model reads.
func (m *Model) Signals() []string {
	names := make([]string, len(m.reads))
	for i, r := range m.reads {
		names[i] = r.name
	}
	return names
}

// Scores returns one score in [0,1] per prompt. It is 1 where the cascade cannot judge: the weak model
// gave no answer, or a signal is not known that was known for every training prompt.
func (m *Model) Scores(ctx context.Context, prompts []routers.Prompt) ([]float64, error) {
	out := make([]float64, len(prompts))
	var x []float64
	for i := range prompts {
		p := &prompts[i]
		if err := p.CheckAnswer(); err != nil {
			return nil, err
		}
		known := signals.Of(p.Answer)
		if !m.judges(p.Answer, known) {
			out[i] = 1
			continue
		}
		var err error
		if x, err = m.inputs(x, p, known); err != nil {
			return nil, err
		}
		out[i] = bradleyterry.Sigmoid(weigh(m.weights, x))
	}
	return out, ctx.Err()
}

// judges reports whether a cascade can judge an answer by its signals.
func (m *Model) judges(a *routers.Answer, known []float64) bool {
	for _, r := range m.reads {
		if r.always && math.IsNaN(known[r.at]) {
			return false
		}
	}
	return !a.Failed
}

// inputs writes the scaled inputs to dst, which it may reallocate: the signals, whether each of those
// that may be unknown is unknown, the counts and the vector.
func (m *Model) inputs(dst []float64, p *routers.Prompt, known []float64) ([]float64, error) {
	dst = dst[:0]
	for _, r := range m.reads {
		v := known[r.at]
		unknown := math.IsNaN(v)
		if unknown {
			v = r.mean
		}
		dst = append(dst, (v-r.mean)*r.scale)
		if !r.always {
			dst = append(dst, is(unknown))
		}
	}
	from := len(dst)
	dst, err := promptInputs(dst, p, m.dim())
	for k := range m.scale.mean {
		if err == nil {
			dst[from+k] = (dst[from+k] - m.scale.mean[k]) * m.scale.factor[k]
		}
	}
	return dst, err
}

// promptInputs appends log(1 + count) of each count and dim components of the vector.
func promptInputs(dst []float64, p *routers.Prompt, dim int) ([]float64, error) {
	for _, name := range counts {
		v, err := p.Count(name)
		if err != nil {
			return nil, err
		}
		dst = append(dst, math.Log1p(v))
	}
	if dim == 0 {
		return dst, nil
	}
	if len(p.Vector) != dim {
		return nil, fmt.Errorf("sample %q: the vector has %s, expected %d", p.ID, text.Plural(len(p.Vector), "component"), dim)
	}
	for _, v := range p.Vector {
		dst = append(dst, float64(v))
	}
	return dst, p.CheckVector()
}

// weigh returns the weighted sum of inputs with the intercept, which is the last weight.
func weigh(w, x []float64) float64 {
	sum := w[len(x)]
	for k, v := range x {
		sum += float64(w[k] * v)
	}
	return sum
}

// is returns 1 for true and 0 for false.
func is(b bool) float64 {
	if b {
		return 1
	}
	return 0
}
