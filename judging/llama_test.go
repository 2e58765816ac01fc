package judging

import (
	"context"
	"fmt"
	"math"
	"path/filepath"
	"testing"

	"github.com/routellm/routellm/answers"
	"github.com/routellm/routellm/answers/chat"
	"github.com/routellm/routellm/internal/llamatest"
	"github.com/routellm/routellm/internal/quiz"
	"github.com/routellm/routellm/results"
)

// quizFile is a file of answers to questions with known answers.
func quizFile(n int) *answers.File {
	f := &answers.File{Name: "quiz", Models: []answers.Model{{Name: "big"}, {Name: "small"}}}
	known := answers.Labels{Name: "quality", Values: make([][]float64, 2)}
	gold := answers.TextColumn{Name: "gold"}
	for _, q := range quiz.Make(n, 1) {
		f.SampleID, f.Prompt = append(f.SampleID, q.ID), append(f.Prompt, q.Prompt)
		gold.Values = append(gold.Values, ptr(q.Answer))
		for m, player := range []quiz.Model{quiz.Big(), quiz.Small()} {
			text, right := player.Answer(q, 0)
			f.Models[m].Text = append(f.Models[m].Text, &text)
			known.Values[m] = append(known.Values[m], map[bool]float64{true: 1}[right])
		}
	}
	f.Labels, f.Passed = []answers.Labels{known}, []answers.TextColumn{gold}
	return f
}

// spreadOfRepeats asks each question several times and returns the standard deviations of the labels
// of a question and of the questions' means.
func spreadOfRepeats(t *testing.T, q *Questions, judge Judge, times int, label func(*Judgement) float64) (within, between float64) {
	t.Helper()
	var means []float64
	for i := range q.Len() {
		sum, squares, n := 0.0, 0.0, 0.0
		for sample := range times {
			r := q.Request(i)
			r.Sample = sample
			a, _, err := judge.Ask(context.Background(), r)
			if err != nil {
				t.Fatal(err)
			}
			reply := read(Grade, a)
			j := &Judgement{Questions: q, Replies: []Reply{reply}, ten: reply.spread.ten}
			if v := label(j); !math.IsNaN(v) {
				sum, squares, n = sum+v, squares+v*v, n+1
			}
		}
		if n > 1 {
			within += (squares - sum*sum/n) / (n - 1)
			means = append(means, sum/n)
		}
	}
	within = math.Sqrt(within / float64(len(means)))
	mean, squares := 0.0, 0.0
	for _, m := range means {
		mean += m / float64(len(means))
	}
	for _, m := range means {
		squares += (m - mean) * (m - mean)
	}
	return within, math.Sqrt(squares / float64(len(means)-1))
}

// direct asks without a store.
type direct struct{ *chat.Client }

func (d direct) Ask(ctx context.Context, r chat.Request) (chat.Answer, bool, error) {
	seed := int64(r.Sample + 1)
	r.Settings.Seed = &seed
	a, err := d.Client.Ask(ctx, r)
	return a, false, err
}

// TestExpectedGradesOfALanguageModel asks SmolLM2 with 135 million weights at temperature 1. What it
// thinks of answers is of no use, and the checks say so, but its expected grades say the same again
// and its sampled grades do not. docs/judge.md has the figures that it logs.
func TestExpectedGradesOfALanguageModel(t *testing.T) {
	url := llamatest.ModelServer(t, filepath.Join("..", "scripts", "serve_smollm2.py"), "--threads", "1")
	client, err := chat.New(chat.Endpoint{Label: "smollm2", Model: "smollm2", URL: url, API: chat.LlamaCPP})
	if err != nil {
		t.Fatal(err)
	}
	f, judge := quizFile(12), direct{client}
	hot, limit := 1.0, 8
	o := Options{Mode: Grade, Concurrency: 1, Expected: On, Settings: chat.Settings{Temperature: &hot, MaxTokens: &limit}}
	q, err := Prepare(f, o)
	if err != nil {
		t.Fatal(err)
	}
	sampled, apart := spreadOfRepeats(t, q, judge, 5, func(j *Judgement) float64 { return j.Replies[0].Value })
	expected, apartExpected := spreadOfRepeats(t, q, judge, 5, func(j *Judgement) float64 {
		v, _ := j.Replies[0].spread.expected(j.ten)
		return v
	})
	t.Logf("standard deviation of the grades of one question: sampled %.3f, expected %.3f; of the means of questions: %.3f and %.3f", sampled, expected, apart, apartExpected)
	if !(expected < sampled/3) {
		t.Errorf("asked again, expected grades vary by %v and sampled ones by %v", expected, sampled)
	}
	cold := 0.0
	o.Settings.Temperature, o.Repeat = &cold, 0.2
	j := judged(t, f, judge, o)
	c := checked(t, j, CheckOptions{Against: "quality"})
	for _, name := range []string{results.CheckAccuracy, results.CheckRelation, results.CheckRepeat, results.CheckLength, results.CheckUnlabeled} {
		t.Log(name, fmt.Sprintf("%.3f [%.3f, %.3f]", float64(c[name].Value), float64(c[name].Lo), float64(c[name].Hi)), c[name].Meaning)
	}
	t.Logf("replies %+v", j.counts())
	if c[results.CheckAccuracy].State == results.JudgeGood {
		t.Errorf("a model without knowledge passes for a good judge: %+v", c[results.CheckAccuracy])
	}
}
