package judging

import (
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
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

// noise sums up the labels of questions that are asked several times.
type noise struct {
	within float64 // sum of the variances of each question's labels
	means  []float64
}

func (n *noise) add(labels []float64) {
	mean, squares := 0.0, 0.0
	for _, v := range labels {
		mean += v / float64(len(labels))
	}
	for _, v := range labels {
		squares += (v - mean) * (v - mean)
	}
	n.within += squares / float64(len(labels)-1)
	n.means = append(n.means, mean)
}

// deviation returns the standard deviation of the labels of one question.
func (n *noise) deviation() float64 { return math.Sqrt(n.within / float64(len(n.means))) }

// askedAgain asks each question several times, and sums up the sampled and the expected grades.
func askedAgain(t *testing.T, q *Questions, judge Judge, times int) (sampled, expected noise) {
	t.Helper()
	for i := range q.Len() {
		var plain, mean []float64
		for sample := range times {
			r := q.Request(i)
			r.Sample = sample
			a, _, err := judge.Ask(context.Background(), r)
			if err != nil {
				t.Fatal(err)
			}
			reply := read(Grade, a)
			if v, _ := reply.spread.expected(reply.spread.ten); !math.IsNaN(v) {
				plain, mean = append(plain, reply.Value), append(mean, v)
			}
		}
		if len(plain) > 1 {
			sampled.add(plain)
			expected.add(mean)
		}
	}
	return sampled, expected
}

// direct asks without a store. It begins the reply for the model, which is too small to do so.
type direct struct{ *chat.Client }

func (d direct) Ask(ctx context.Context, r chat.Request) (chat.Answer, bool, error) {
	seed := int64(r.Sample + 1)
	r.Settings.Seed = &seed
	r.Messages = append(slices.Clone(r.Messages), chat.Message{Role: "assistant", Content: "grade:"})
	a, err := d.Client.Ask(ctx, r)
	return a, false, err
}

// TestExpectedGradesOfALanguageModel asks SmolLM2 with 135 million weights at temperature 1. What it
// thinks of answers is of no use, and the checks say so, but its expected grades say the same again
// and its sampled grades do not. docs/judge.md has the figures that it logs.
func TestExpectedGradesOfALanguageModel(t *testing.T) {
	llamatest.NeedSlow(t)
	url := llamatest.ModelServer(t, filepath.Join("..", "scripts", "serve_smollm2.py"), "--threads", "2")
	client, err := chat.New(chat.Endpoint{Label: "smollm2", Model: "smollm2", URL: url, API: chat.LlamaCPP})
	if err != nil {
		t.Fatal(err)
	}
	f, judge := quizFile(10), direct{client}
	short := filepath.Join(t.TempDir(), "short.txt") // the built-in text is more than the model can follow
	if err := os.WriteFile(short, []byte("Grade an answer to a request from 1 to 10.\n\n{prompt}\n\n{answer}\n\nReply with the number only.\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	hot, limit := 1.0, 6
	o := Options{Mode: Grade, PromptFile: short, Concurrency: 1, Expected: On, Settings: chat.Settings{Temperature: &hot, MaxTokens: &limit}}
	q, err := Prepare(f, o)
	if err != nil {
		t.Fatal(err)
	}
	sampled, expected := askedAgain(t, q, judge, 6)
	t.Logf("standard deviation of the grades of one question: sampled %.3f, expected %.3f, in %d of %d questions", sampled.deviation(), expected.deviation(), len(sampled.means), q.Len())
	if !(expected.deviation() < sampled.deviation()/3) {
		t.Errorf("asked again, expected grades vary by %v and sampled ones by %v", expected.deviation(), sampled.deviation())
	}
	cold := 0.0
	o.Settings.Temperature, o.Repeat = &cold, 0.2
	j := judged(t, f, judge, o)
	c := checked(t, j, CheckOptions{Against: "quality"})
	for _, name := range []string{results.CheckAccuracy, results.CheckRelation, results.CheckRepeat, results.CheckLength, results.CheckUnlabelled} {
		t.Log(name, fmt.Sprintf("%.3f [%.3f, %.3f]", float64(c[name].Value), float64(c[name].Lo), float64(c[name].Hi)), c[name].Meaning)
	}
	t.Logf("replies %+v", j.counts())
	if c[results.CheckAccuracy].State == results.JudgeGood {
		t.Errorf("a model without knowledge passes for a good judge: %+v", c[results.CheckAccuracy])
	}
}
