package harness

import (
	"fmt"
	"math"
	"slices"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/num"
	"github.com/routellm/routellm/routers"
	"github.com/routellm/routellm/routers/training"
	"github.com/routellm/routellm/routers/weakfirst"
)

// Columns of a model's answers, in files of answers.
const (
	answerColumn      = "answer:"
	errorColumn       = "error:"
	finishColumn      = "finish:"
	trueCostColumn    = "p_true_usd:"
	trueLatencyColumn = "p_true_s:"
)

// weakAnswers are one model's answers to the prompts of a table, one per row, and what asking the
// model about them cost and took; NaN where that is not known.
type weakAnswers struct {
	answers            []routers.Answer
	trueUSD, trueTimes []float64
}

// weakAnswersOf returns a model's answers. A table without any is an error.
func weakAnswersOf(name string, t *datasets.Table, model string) (*weakAnswers, error) {
	numbers := func(prefix string) []float64 {
		if values, ok := t.ExtraOf(prefix + model); ok {
			return values
		}
		return num.NaNs(t.Rows())
	}
	text, hasText := t.AnswerOf(answerColumn + model)
	failed, _ := t.AnswerOf(errorColumn + model)
	finish, _ := t.AnswerOf(finishColumn + model)
	mean, least, entropy := numbers("logprob_mean:"), numbers("logprob_min:"), numbers("first_entropy:")
	tokens, agree, sure := numbers(outputColumn), numbers("agreement:"), numbers("p_true:")
	if !hasText && !slices.ContainsFunc(slices.Concat(mean, least, entropy, agree, sure), num.Finite) {
		return nil, noAnswers(name, model)
	}
	w := &weakAnswers{answers: make([]routers.Answer, t.Rows()), trueUSD: numbers(trueCostColumn), trueTimes: numbers(trueLatencyColumn)}
	for i := range w.answers {
		a := &w.answers[i]
		*a = routers.Answer{Tokens: tokens[i], LogprobMean: mean[i], LogprobMin: least[i], FirstEntropy: entropy[i], Agreement: agree[i], PTrue: sure[i]}
		a.Text, a.HasText = textAt(text, i)
		a.Finish, _ = textAt(finish, i)
		why, _ := textAt(failed, i)
		a.Failed = why != "" || hasText && !a.HasText
	}
	return w, nil
}

// noAnswers returns the error about data without the answers of a model.
func noAnswers(name, model string) error {
	return hint.With(fmt.Errorf("%s: found no answers of %q, by which a cascade decides: expected the column %q", name, model, answerColumn+model),
		"routellm answer writes them, with signals of certainty, and routellm grade keeps them",
		"a table in another format than Parquet must go through grade or judge, which keep answers")
}

// textAt returns a value of a column of text; ok is false if it is null or there is no column.
func textAt(column []*string, i int) (text string, ok bool) {
	if column == nil || column[i] == nil {
		return "", false
	}
	return *column[i], true
}

// weakOf returns the model whose answers a router reads: the weak one of its own pair or, if it has
// none, the given one.
func weakOf(r routers.AnswerRouter, weak string) string {
	if p, ok := routers.As[routers.Paired](r); ok {
		_, weak = p.Pair()
	}
	return weak
}

// weakModels lists the models whose answers routers read. weak is the weak model of the data's pair, ""
// if that is not known; a cascade for another model's answers is an error.
func weakModels(rs []Router, weak string) ([]string, error) {
	var out []string
	for _, r := range rs {
		a, ok := routers.As[routers.AnswerRouter](r.Router)
		if !ok {
			continue
		}
		own := weakOf(a, weak)
		switch {
		case own == "":
			return nil, hint.With(fmt.Errorf("router %q looks at the weak model's answer, and it is not known which model that is", r.Spec.Label), "name the models: --pair STRONG,WEAK")
		case weak != "" && own != weak:
			return nil, hint.With(fmt.Errorf("router %q was trained on answers of %q, and the weak model here is %q", r.Spec.Label, own, weak), "name its models: --pair STRONG,WEAK")
		}
		if !slices.Contains(out, own) {
			out = append(out, own)
		}
	}
	return out, nil
}

// asking returns what a router's weak model costs, and how long it takes, for each of some rows before
// it is known whether the strong model is asked: its answer, its further answers and the question about
// the answer. cost and latency hold those of its answers, one per row; a nil one gives nil. Further
// answers are asked at the same time. Costs are in USD per unit prompts. A question of unknown cost
// counts as another answer; guessed reports that there was one.
func (w *weakAnswers) asking(n routers.AnswerNeeds, cost, latency []float64, rows []int, unit float64) (usd, seconds []float64, guessed bool) {
	add := func(of, question []float64, times, unit float64) []float64 {
		if of == nil {
			return nil
		}
		out := make([]float64, len(rows))
		for k, i := range rows {
			out[k] = float64(of[k] * times)
			if n.PTrue && !math.IsNaN(question[i]) {
				out[k] += float64(unit * question[i])
			} else if n.PTrue && !w.answers[i].Failed {
				out[k], guessed = out[k]+of[k], true
			}
		}
		return out
	}
	usd = add(cost, w.trueUSD, 1+float64(n.Samples), unit)
	seconds = add(latency, w.trueTimes, 1, 1)
	return usd, seconds, guessed
}

// addTo sets the answers to prompts, which are those of the given rows.
func (w *weakAnswers) addTo(prompts []routers.Prompt, rows []int) {
	for k, i := range rows {
		prompts[k].Answer = &w.answers[i]
	}
}

// pick returns the answers at some rows.
func (w *weakAnswers) pick(rows []int) *weakAnswers {
	out := &weakAnswers{}
	for _, i := range rows {
		out.answers = append(out.answers, w.answers[i])
		out.trueUSD, out.trueTimes = append(out.trueUSD, w.trueUSD[i]), append(out.trueTimes, w.trueTimes[i])
	}
	return out
}

// cascade returns the options of a cascade: one that reads no vectors has no encoder. without names
// signals that it does not read.
func (k vectorKind) cascade(o training.Options, vectors bool, without []string) weakfirst.Options {
	if vectors {
		o.Encoder, o.EncoderSHA256 = k.name, k.sha256
	}
	return weakfirst.Options{Options: o, Prompt: vectors, Without: without}
}
