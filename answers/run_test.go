package answers

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/routellm/routellm/answers/ask"
	"github.com/routellm/routellm/answers/chat"
	"github.com/routellm/routellm/answers/pace"
	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/datasets/pricelist"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/modelserver/chattest"
	"github.com/routellm/routellm/internal/store"
)

// bench is a server with its models, and a folder for the answers.
type bench struct {
	*chattest.Server
	dir    string
	budget float64
	key    string
}

// echo answers with what it was asked, so that tests see it.
func echo(r chattest.Request) chattest.Answer {
	return chattest.Answer{Text: "you said: " + r.Prompt()}
}

func newBench(t *testing.T, o chattest.Options) *bench {
	if o.Models == nil {
		o.Models = map[string]chattest.Model{"": echo}
	}
	return &bench{chattest.Start(t, o), t.TempDir(), math.Inf(1), "key"}
}

// askers opens the models anew, as another process does.
func (b *bench) askers(t *testing.T, labels ...string) []Asked {
	t.Helper()
	s, err := store.Open(context.Background(), b.dir, "answers")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	budget := pace.NewBudget(b.budget)
	var out []Asked
	for _, label := range labels {
		c, err := chat.New(chat.Endpoint{Label: label, Model: label, URL: b.URL, Key: b.key})
		if err != nil {
			t.Fatal(err)
		}
		price := pricelist.PerMillion(1, 1)
		limits := pace.Limits{Concurrency: 4}
		out = append(out, Asked{label, c.Identity(), ask.New(Brief(c), ask.Options{Store: s, Pacer: pace.New(limits), Budget: budget, Price: &price}), limits, false})
	}
	return out
}

// prompts reads a table of prompts.
func prompts(t *testing.T, name, content string) *Prompts {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o666); err != nil {
		t.Fatal(err)
	}
	p, err := ReadPrompts(context.Background(), path, datasets.Mapping{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// numbered is a table of prompts.
func numbered(n int) string {
	var b strings.Builder
	b.WriteString("id,prompt,task,gold\n")
	for i := range n {
		fmt.Fprintf(&b, "p%d,question %d,%s,%d\n", i, i, []string{"a", "b", "c"}[i%3], i)
	}
	return b.String()
}

// asked runs and returns the file, or the error of Ask.
func asked(t *testing.T, p *Prompts, o Options) (*Run, *File, error) {
	t.Helper()
	r, err := NewRun(p, o)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Ask(context.Background()); err != nil && !errors.Is(err, ErrBudget) {
		return r, nil, err
	} else if err != nil {
		return r, written(t, r), err
	}
	return r, written(t, r), nil
}

func written(t *testing.T, r *Run) *File {
	t.Helper()
	var b bytes.Buffer
	if err := r.Write(NewWriter(&b)); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "answers.parquet")
	if err := os.WriteFile(path, b.Bytes(), 0o666); err != nil {
		t.Fatal(err)
	}
	f, err := Read(context.Background(), path)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func texts(values []*string) []string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = "-"
		if v != nil {
			out[i] = *v
		}
	}
	return out
}

func TestRunAnswersOnce(t *testing.T) {
	b := newBench(t, chattest.Options{Prices: map[string]chattest.Price{"": {Input: 1, Output: 1}}})
	p := prompts(t, "p.csv", numbered(30)+"twice,question 3,a,3\n")
	r, f, err := asked(t, p, Options{Models: b.askers(t, "big", "small", "third"), Settings: chat.Settings{TopLogprobs: 5}})
	if err != nil {
		t.Fatal(err)
	}
	if got := b.Stats(); got.Requests != 3*30 {
		t.Errorf("%d requests, want one per model and different prompt", got.Requests)
	}
	if !reflect.DeepEqual(f.ModelNames(), []string{"big", "small", "third"}) || f.Rows() != 31 || r.Complete() != 31 || *f.PassedColumn("gold")[4] != "4" || f.Task[4] != "b" {
		t.Errorf("got %+v", f)
	}
	m := f.Models[1]
	if *m.Text[30] != "you said: question 3" || *m.Text[3] != *m.Text[30] || m.Finish[0] != "stop" || m.Err[0] != "" || m.Agreement != nil || f.Cluster != nil {
		t.Errorf("got %+v", m)
	}
	for i := range f.Rows() {
		if !(m.LogprobMean[i] <= 0 && m.LogprobMin[i] <= m.LogprobMean[i] && m.FirstEntropy[i] >= 0 && m.Latency[i] >= 0 && m.Cost[i] > 0) {
			t.Errorf("row %d: got %v %v %v %v %v", i, m.LogprobMean[i], m.LogprobMin[i], m.FirstEntropy[i], m.Latency[i], m.Cost[i])
		}
	}
	sum := 0.0
	for _, s := range r.Summary() {
		sum += s.SpentUSD
		if s.Answered != 31 || s.Sent != 30 || s.Failed != 0 || !(s.USD > s.SpentUSD) {
			t.Errorf("got %+v", s)
		}
	}
	if got := b.Stats().USD(); math.Abs(got-sum) > 1e-12 {
		t.Errorf("the run says that it spent %v, the server %v", sum, got)
	}

	// Again: nothing is asked, and the file is the same.
	_, again, err := asked(t, p, Options{Models: b.askers(t, "big", "small", "third"), Settings: chat.Settings{TopLogprobs: 5}})
	if err != nil || b.Stats().Requests != 90 {
		t.Errorf("asked again: %d requests, %v", b.Stats().Requests, err)
	}
	same(t, again, f)
}

func TestRunRepeats(t *testing.T) {
	b := newBench(t, chattest.Options{Models: map[string]chattest.Model{"": func(r chattest.Request) chattest.Answer {
		return chattest.Answer{Text: map[bool]string{true: "Yes. ", false: "no"}[*r.Seed != 9]}
	}}})
	seed := int64(7)
	_, f, err := asked(t, prompts(t, "p.csv", numbered(2)), Options{Models: b.askers(t, "m"), Settings: chat.Settings{Seed: &seed}, Samples: 3})
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(f.SampleID, []string{"p0#1", "p0#2", "p0#3", "p1#1", "p1#2", "p1#3"}) || !reflect.DeepEqual(f.Cluster, []string{"p0", "p0", "p0", "p1", "p1", "p1"}) {
		t.Errorf("got ids %q, clusters %q", f.SampleID, f.Cluster)
	}
	if got := f.Models[0].Agreement[:3]; !slices.Equal(got, []float64{.5, .5, 0}) {
		t.Errorf("got agreement %v", got)
	}
}

// What is sent is the conversation as it is, with the settings of the row before those of the run.
func TestRunSendsConversations(t *testing.T) {
	rows := []map[string]any{
		{"id": "text", "prompt": "plain", "system": "row's", "temperature": 0.5, "max_tokens": 11, "seed": 3},
		{"id": "chat", "prompt": []map[string]any{{"role": "system", "content": "own"}, {"role": "user", "content": "one"}, {"role": "assistant", "content": "two"},
			{"role": "user", "content": "three"}, {"role": "assistant", "content": "left out"}}},
	}
	var content strings.Builder
	for _, row := range rows {
		line, _ := json.Marshal(row)
		content.Write(append(line, '\n'))
	}
	b := newBench(t, chattest.Options{})
	p := prompts(t, "p.jsonl", content.String())
	if len(p.Notes) != 2 || !strings.Contains(p.Notes[0], "1 conversation") || !strings.Contains(p.Notes[1], "system, temperature, max_tokens, seed") {
		t.Errorf("got notes %q", p.Notes)
	}
	limit := 99
	_, f, err := asked(t, p, Options{Models: b.askers(t, "m"), Settings: chat.Settings{System: "run's", MaxTokens: &limit}})
	if err != nil {
		t.Fatal(err)
	}
	if f.Prompt[1] != "three" || !strings.Contains(f.Messages[1], `"two"`) || strings.Contains(f.Messages[1], "left out") || f.Messages[0] != "" {
		t.Errorf("got prompts %q, messages %q", f.Prompt, f.Messages)
	}
	sent := map[string]string{}
	for _, r := range b.Requests() {
		body, _ := json.Marshal(r.Body)
		sent[r.Prompt()] = string(body)
	}
	for prompt, parts := range map[string][]string{
		"plain": {`{"content":"row's","role":"system"}`, `"temperature":0.5`, `"seed":3`, `:11`},
		"three": {`[{"content":"own","role":"system"},{"content":"one","role":"user"},{"content":"two","role":"assistant"},{"content":"three","role":"user"}]`, `:99`},
	} {
		for _, part := range parts {
			if !strings.Contains(plain(sent[prompt]), plain(part)) {
				t.Errorf("%s: sent %s, want %s in it", prompt, sent[prompt], part)
			}
		}
	}
}

// plain sorts the keys of messages: which comes first does not matter.
func plain(s string) string {
	for _, role := range []string{"system", "user", "assistant"} {
		s = strings.ReplaceAll(s, `{"role":"`+role+`",`, `{`)
		s = strings.ReplaceAll(s, `,"role":"`+role+`"}`, `}`)
	}
	return s
}

func TestRunGoesOnAfterRefusals(t *testing.T) {
	b := newBench(t, chattest.Options{Fault: func(r chattest.Request) *chattest.Fault {
		if strings.HasSuffix(r.Prompt(), "question 7") && r.Model == "big" {
			return &chattest.Fault{Name: "400", Status: 400}
		}
		return nil
	}})
	r, f, err := asked(t, prompts(t, "p.csv", numbered(20)), Options{Models: b.askers(t, "big", "small")})
	if err != nil {
		t.Fatal(err)
	}
	if f.Models[0].Text[7] != nil || !strings.HasPrefix(f.Models[0].Err[7], "refused (400): ") || f.Models[1].Text[7] == nil || !math.IsNaN(f.Models[0].Cost[7]) {
		t.Errorf("got %q, %q", texts(f.Models[0].Text), f.Models[0].Err[7])
	}
	if s := r.Summary()[0]; s.Failed != 1 || s.Answered != 19 || s.Reasons["refused (400)"] != 1 || r.Complete() != 19 {
		t.Errorf("got %+v", s)
	}
}

// A wrong key costs one request, and the error does not show it.
func TestRunEndsAtOnce(t *testing.T) {
	b := newBench(t, chattest.Options{Key: "right"})
	b.key = "wrong-and-secret"
	_, _, err := asked(t, prompts(t, "p.csv", numbered(200)), Options{Models: b.askers(t, "big")})
	if err == nil || strings.Contains(fmt.Sprint(err, hint.Of(err)), "secret") || !strings.Contains(err.Error(), `"big"`) || b.Stats().Requests != 1 {
		t.Errorf("got %v after %d requests", err, b.Stats().Requests)
	}
}

// broken is a model that fails in a way of its own.
type broken struct {
	Asker
	err  func(n int) error
	n    *int
	lock chan bool
}

func (b broken) Ask(ctx context.Context, r chat.Request) (chat.Answer, bool, error) {
	b.lock <- true
	defer func() { <-b.lock }()
	*b.n++
	if err := b.err(*b.n); err != nil {
		return chat.Answer{}, false, err
	}
	return b.Asker.Ask(ctx, r)
}

func TestRunStopsAfterFaults(t *testing.T) {
	lost := &chat.Fault{Status: 503, Err: errors.New("overloaded")}
	for name, c := range map[string]struct {
		err   func(n int) error
		want  string
		calls int // at most
	}{
		"down from the start":    {func(int) error { return lost }, "failed 3 times in a row", 3},
		"down later":             {func(n int) error { return map[bool]error{true: lost}[n > 10] }, "failed 5 times in a row", 10 + 5 + 3},
		"refuses all":            {func(int) error { return &chat.Refused{Status: 400, Err: errors.New("no")} }, "refused all of the first 10 prompts", 10},
		"wrong model":            {func(int) error { return &chat.Fault{Status: 404, Final: true, Err: errors.New("no such model")} }, "no such model", 1},
		"every other one failed": {func(n int) error { return map[bool]error{true: lost}[n%2 == 0] }, "", 1000},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, chattest.Options{})
			models := b.askers(t, "m")
			n := 0
			models[0].Asker = broken{models[0].Asker, c.err, &n, make(chan bool, 1)}
			models[0].Limits.Concurrency = 3
			r, f, err := asked(t, prompts(t, "p.csv", numbered(60)), Options{Models: models})
			if n > c.calls {
				t.Errorf("%d calls, want at most %d", n, c.calls)
			}
			switch {
			case c.want == "" && err != nil, c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
				t.Errorf("got %v, want %q", err, c.want)
			case c.want == "":
				if s := r.Summary()[0]; s.Failed != 30 || s.Reasons["server error (503)"] != 30 || f.Models[0].Err[1] == "" {
					t.Errorf("got %+v", s)
				}
			}
		})
	}
}

func TestRunStaysWithinBudget(t *testing.T) {
	b := newBench(t, chattest.Options{Prices: map[string]chattest.Price{"": {Input: 1, Output: 1}}})
	p, limit := prompts(t, "p.csv", numbered(60)), 20
	o := Options{Settings: chat.Settings{MaxTokens: &limit}}
	b.budget = 0.001 // about a third of what all answers cost
	o.Models = b.askers(t, "big", "small")
	r, f, err := asked(t, p, o)
	if !errors.Is(err, ErrBudget) || b.Stats().USD() > b.budget || b.Stats().Requests < 10 || b.Stats().Requests > 110 {
		t.Fatalf("got %v, $%v, %d requests", err, b.Stats().USD(), b.Stats().Requests)
	}
	missing := 0
	for _, m := range f.Models {
		for i, text := range m.Text {
			if text == nil {
				missing++
				if m.Err[i] != notAsked {
					t.Errorf("row %d: got %q", i, m.Err[i])
				}
			}
		}
	}
	s := r.Summary()
	if missing != 120-b.Stats().Requests || s[0].NotAsked+s[1].NotAsked != missing || s[0].Failed != 0 || r.Complete() == 60 {
		t.Errorf("%d missing of 120 after %d requests: %+v", missing, b.Stats().Requests, s)
	}
	b.budget = math.Inf(1)
	o.Models = b.askers(t, "big", "small")
	if r, _, err = asked(t, p, o); err != nil || b.Stats().Requests != 120 || r.Complete() != 60 {
		t.Errorf("with a larger budget: %v, %d requests in all", err, b.Stats().Requests)
	}
}

func TestRunInterrupted(t *testing.T) {
	ctx, stop := context.WithCancel(context.Background())
	b := newBench(t, chattest.Options{})
	p := prompts(t, "p.csv", numbered(50))
	r, err := NewRun(p, Options{Models: b.askers(t, "m"), Progress: func(s Status) {
		if s.Done == 20 {
			stop()
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Ask(ctx); !errors.Is(err, context.Canceled) {
		t.Fatalf("got %v", err)
	}
	if _, _, err := asked(t, p, Options{Models: b.askers(t, "m")}); err != nil || b.Stats().Answers > 50+4 {
		t.Errorf("%d answers were made, want at most one twice per slot: %v", b.Stats().Answers, err)
	}
}

func TestRunAddsToAFile(t *testing.T) {
	b := newBench(t, chattest.Options{})
	_, f, err := asked(t, prompts(t, "p.csv", numbered(4)), Options{Models: b.askers(t, "one")})
	if err != nil {
		t.Fatal(err)
	}
	if err := f.SetLabels(Labels{Quality, [][]float64{{1, 0, 1, nan}}}); err != nil {
		t.Fatal(err)
	}
	p, err := ReadPrompts(context.Background(), write(t, f), datasets.Mapping{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	_, both, err := asked(t, p, Options{Models: b.askers(t, "two")})
	if err != nil {
		t.Fatal(err)
	}
	quality, _ := both.LabelsOf(Quality)
	if !reflect.DeepEqual(both.ModelNames(), []string{"one", "two"}) || *both.Models[0].Text[3] != *both.Models[1].Text[3] || quality.Values[0][0] != 1 || !math.IsNaN(quality.Values[1][0]) {
		t.Errorf("got %+v", both)
	}
	if _, err := NewRun(p, Options{Models: b.askers(t, "one")}); err == nil || !strings.Contains(err.Error(), `has answers of "one" already`) {
		t.Errorf("got %v", err)
	}
}

func TestPlanAsksNothing(t *testing.T) {
	b := newBench(t, chattest.Options{})
	p, limit := prompts(t, "p.csv", numbered(12)), 50
	o := Options{Models: b.askers(t, "big", "small"), Settings: chat.Settings{MaxTokens: &limit}}
	o.Models[0].Limits.RequestsPerMinute = 6
	r, err := NewRun(p, o)
	if err != nil {
		t.Fatal(err)
	}
	plans, err := r.Plan(context.Background())
	if err != nil || b.Stats().Requests != 0 {
		t.Fatalf("got %v, %d requests", err, b.Stats().Requests)
	}
	if x := plans[0]; x.Questions != 12 || x.Known != 0 || !(x.Least > 0 && x.Least < x.Most) || !math.IsNaN(x.Typical) || x.Seconds != 120 || x.InputTokens < 24 {
		t.Errorf("got %+v", x)
	}
	if !math.IsNaN(plans[1].Seconds) {
		t.Errorf("without limits and answers: %v seconds", plans[1].Seconds)
	}
	if err := r.Ask(context.Background()); err != nil {
		t.Fatal(err)
	}
	spent := b.Stats().Models["big"]
	if usd := float64(spent.InputTokens+spent.OutputTokens) / 1e6; usd > plans[0].Most {
		t.Errorf("asking cost %v, planned were at most %v", usd, plans[0].Most)
	}
	if plans, err = r.Plan(context.Background()); err != nil || plans[0].Known != 12 || plans[0].Most != 0 || plans[0].Typical != 0 || plans[0].Seconds != 0 {
		t.Errorf("after asking: %+v, %v", plans[0], err)
	}
}

// A model for which the budget is large enough goes on when another one's next question is too dear.
func TestBudgetStopsOneModel(t *testing.T) {
	b := newBench(t, chattest.Options{})
	p, limit := prompts(t, "p.csv", numbered(30)), 20
	models := b.askers(t, "free")
	b.budget = 0.0003
	models = append(models, b.askers(t, "dear")...)
	r, _, err := asked(t, p, Options{Models: models, Settings: chat.Settings{MaxTokens: &limit}})
	if s := r.Summary(); !errors.Is(err, ErrBudget) || s[0].Answered != 30 || s[1].NotAsked == 0 {
		t.Errorf("got %v, %+v", err, s)
	}
}
