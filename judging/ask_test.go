package judging

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"sync"
	"testing"

	"github.com/routellm/routellm/answers"
	"github.com/routellm/routellm/answers/ask"
	"github.com/routellm/routellm/answers/chat"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/judging/judgetest"
)

// func judge is a judge that is a function. It counts questions.
type funcJudge struct {
	reply func(r chat.Request, n int) (chat.Answer, error)
	mu    sync.Mutex
	n     int
	asked []chat.Request
}

func (j *funcJudge) Ask(_ context.Context, r chat.Request) (chat.Answer, bool, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.n++
	j.asked = append(j.asked, r)
	a, err := j.reply(r, j.n)
	return a, false, err
}

func says(text string) *funcJudge {
	return &funcJudge{reply: func(chat.Request, int) (chat.Answer, error) { return chat.Answer{Text: text, Finish: "stop"}, nil }}
}

// TestFailuresAreNoGrades holds that each way to have no label is counted and leaves none.
func TestFailuresAreNoGrades(t *testing.T) {
	f := world{rows: 10, gap: 1, spread: 1}.file(1)
	j := &funcJudge{reply: func(r chat.Request, n int) (chat.Answer, error) {
		switch n % 5 {
		case 1:
			return chat.Answer{}, &chat.Refused{Status: 400, Err: errors.New("too long")}
		case 2:
			return chat.Answer{}, &chat.Fault{Err: errors.New("time ran out")}
		case 3:
			return chat.Answer{Text: "hm"}, nil
		case 4:
			return chat.Answer{Text: "I cannot judge this."}, nil
		}
		return chat.Answer{Text: "grade: 6", CostUSD: 0.01}, nil
	}}
	got := judged(t, f, j, Options{Mode: Grade, Expected: Off, Concurrency: 1})
	c := got.counts()
	if c.Judged != 4 || c.Refused != 8 || c.Unreadable != 4 || c.Failed != 4 || got.Usage.Unlabelled != 16 {
		t.Errorf("counts: %+v, usage %+v", c, got.Usage)
	}
	six, none := 0, 0
	for _, column := range got.Labels("quality").Values {
		for _, v := range column {
			switch {
			case v == 6:
				six++
			case math.IsNaN(v):
				none++
			}
		}
	}
	if six != 4 || none != 16 {
		t.Errorf("%d grades and %d without, want 4 and 16", six, none)
	}
}

// TestAskStops holds which errors end a run, and that a run that can go on says so.
func TestAskStops(t *testing.T) {
	f := world{rows: 20, gap: 1, spread: 1}.file(1)
	for name, c := range map[string]struct {
		err    error
		after  int // questions that succeed before
		want   string
		asked  int // most questions that are asked
		advice string
	}{
		"no budget left":          {fmt.Errorf("asking: %w", ask.ErrBudget), 7, "asked 7 of 40 questions", 8, "raise --max-usd"},
		"a wrong key":             {&chat.Fault{Status: 401, Final: true, Err: errors.New("no such key")}, 0, "no such key", 1, ""},
		"nothing works":           {&chat.Fault{Status: 500, Err: errors.New("out of order")}, 0, "out of order", 10, ""},
		"refusals from the start": {&chat.Refused{Status: 400, Err: errors.New("bad request")}, 0, "bad request", 10, ""},
	} {
		j := &funcJudge{reply: func(_ chat.Request, n int) (chat.Answer, error) {
			if n <= c.after {
				return chat.Answer{Text: "grade: 3"}, nil
			}
			return chat.Answer{}, c.err
		}}
		q, err := Prepare(f, Options{Mode: Grade, Expected: Off, Concurrency: 1})
		if err != nil {
			t.Fatal(err)
		}
		_, err = q.Ask(context.Background(), j)
		if err == nil || !strings.Contains(err.Error(), c.want) || j.n > c.asked || !strings.Contains(strings.Join(hint.Of(err), "\n"), c.advice) {
			t.Errorf("%s: %v after %d questions, hints %q", name, err, j.n, hint.Of(err))
		}
	}
	few := world{rows: 2, gap: 1, spread: 1}.file(1)
	q, err := Prepare(few, Options{Mode: Grade, Expected: Off, Concurrency: 8})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := q.Ask(context.Background(), &funcJudge{reply: func(chat.Request, int) (chat.Answer, error) { return chat.Answer{}, errors.New("down") }}); err == nil {
		t.Error("four failures of four questions are no error")
	}
	ctx, cancel := context.WithCancel(context.Background())
	stop := errors.New("stop")
	q.options.Progress = func(done, total int) error { cancel(); return stop }
	if _, err := q.Ask(ctx, says("grade: 3")); !errors.Is(err, stop) {
		t.Errorf("error of Progress: %v", err)
	}
	if _, err := q.Ask(ctx, &funcJudge{reply: func(chat.Request, int) (chat.Answer, error) { return chat.Answer{}, ctx.Err() }}); !errors.Is(err, context.Canceled) || len(hint.Of(err)) == 0 {
		t.Errorf("an interrupt: %v", err)
	}
}

// TestProbe holds that a server without log-probabilities is asked without them, unless the user
// insists.
func TestProbe(t *testing.T) {
	f := world{rows: 3, gap: 1, spread: 1}.file(1)
	refuse := func(r chat.Request, _ int) (chat.Answer, error) {
		if r.Settings.TopLogprobs > 0 {
			return chat.Answer{}, &chat.Fault{Status: 400, Final: true, Err: errors.New("no logprobs")}
		}
		return chat.Answer{Text: "grade: 3"}, nil
	}
	for name, c := range map[string]struct {
		judge *funcJudge
		asked int
	}{"none reported": {says("grade: 3"), 6}, "refused": {&funcJudge{reply: refuse}, 7}} {
		got, j := judged(t, f, c.judge, Options{Mode: Grade, Concurrency: 1}), c.judge
		if got.Expected || j.n != c.asked || j.asked[0].Settings.TopLogprobs != topLogprobs || j.asked[c.asked-1].Settings.TopLogprobs != 0 {
			t.Errorf("%s: expected %v after %d questions", name, got.Expected, j.n)
		}
		if got.Usage.Asked != 6 || got.Usage.Cached != 0 {
			t.Errorf("%s: usage %+v", name, got.Usage)
		}
	}
	for _, c := range []struct {
		expected Expected
		want     bool
	}{{Auto, true}, {On, true}, {Off, false}, {"", true}} {
		got := judged(t, f, judgetest.Judge{Noise: 1, Logprobs: true}, Options{Mode: Grade, Expected: c.expected, Concurrency: 2})
		if got.Expected != c.want {
			t.Errorf("%q: expected %v", c.expected, got.Expected)
		}
	}
	q, err := Prepare(f, Options{Mode: Grade, Expected: On, Concurrency: 1})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := q.Ask(context.Background(), says("grade: 3")); !errors.Is(err, errNoLogprobs) || len(hint.Of(err)) == 0 {
		t.Errorf("--expected on: %v", err)
	}
}

// TestConcurrencyChangesNothing holds that the labels do not depend on the order of the replies.
func TestConcurrencyChangesNothing(t *testing.T) {
	f := world{rows: 30, gap: 1, spread: 1}.file(1)
	for _, m := range []Mode{Grade, Pair} {
		want := judged(t, f, judgetest.Judge{Noise: 1, Logprobs: true}, Options{Mode: m, Repeat: 0.3, Concurrency: 1}).Labels("x")
		got := judged(t, f, judgetest.Judge{Noise: 1, Logprobs: true}, Options{Mode: m, Repeat: 0.3, Concurrency: 9}).Labels("x")
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s: %v, want %v", m, got, want)
		}
	}
}

// three is a file with three models, of which one has not answered everything.
func three() *answers.File {
	return &answers.File{
		Name: "made", SampleID: []string{"a", "b", "c"}, Prompt: []string{"first question", "second question", "third question"},
		Models: []answers.Model{
			{Name: "x", Text: []*string{ptr("worth=9"), ptr("worth=5"), ptr("same")}},
			{Name: "y", Text: []*string{ptr("worth=5"), ptr("worth=9"), ptr(" same\n")}},
			{Name: "z", Text: []*string{ptr("worth=1"), nil, nil}},
		},
		Passed: []answers.TextColumn{{Name: "gold", Values: []*string{ptr("nine"), nil, nil}}, {Name: "empty", Values: []*string{nil, nil, nil}}},
	}
}

func TestSharesOfWins(t *testing.T) {
	for versus, want := range map[string]string{
		All: "[[1 0 0.5] [0.5 1 0.5] [0 NaN NaN]]",
		"y": "[[1 0 0.5] [0.5 0.5 0.5] [0 NaN NaN]]",
		"x": "[[0.5 0.5 0.5] [0 1 0.5] [0 NaN NaN]]",
	} {
		got := judged(t, three(), judgetest.Judge{}, Options{Mode: Pair, Versus: versus, Concurrency: 1})
		if labels := fmt.Sprint(got.Labels("quality").Values); labels != want {
			t.Errorf("versus %s: %s, want %s", versus, labels, want)
		}
	}
	two := three()
	two.Models = two.Models[:2]
	got := judged(t, two, judgetest.Judge{}, Options{Mode: Pair, Concurrency: 1})
	if labels := fmt.Sprint(got.Labels("quality").Values); labels != "[[1 0 0.5] [0 1 0.5]]" {
		t.Errorf("two models: %s", labels)
	}
	if n := got.Questions.Len(); n != 4 {
		t.Errorf("%d questions about two different pairs and one of equal answers, want 4", n)
	}
	b := got.Battles()
	if fmt.Sprint(b.ModelA, b.ModelB, b.Winner) != "[x x x] [y y y] [model_a model_b tie]" {
		t.Errorf("battles %v %v %v", b.ModelA, b.ModelB, b.Winner)
	}
}

// TestFlipsAreTies asks a judge that always prefers the answer shown first, and one that fails in one
// order.
func TestFlipsAreTies(t *testing.T) {
	f := three()
	f.Models = f.Models[:2]
	got := judged(t, f, says("verdict: first"), Options{Mode: Pair, Expected: Off, Concurrency: 1})
	for _, c := range got.Comparisons()[:2] {
		if c.Verdict != 0.5 || c.Score != 0.5 || !c.Flipped || c.First != 1 {
			t.Errorf("%+v, want a flip", c)
		}
	}
	half := &funcJudge{reply: func(r chat.Request, n int) (chat.Answer, error) {
		return chat.Answer{Text: map[int]string{1: "verdict: first", 2: "hm", 3: "verdict: tie", 4: "verdict: first"}[n]}, nil
	}}
	pairs := judged(t, f, half, Options{Mode: Pair, Expected: Off, Concurrency: 1}).Comparisons()
	if !math.IsNaN(pairs[0].Verdict) || !math.IsNaN(pairs[0].Score) || pairs[0].Flipped {
		t.Errorf("one order without a label: %+v", pairs[0])
	}
	if pairs[1].Verdict != 0.5 || pairs[1].Flipped || pairs[1].First != 0.5 {
		t.Errorf("a tie and a win: %+v, want a tie", pairs[1])
	}
}

func TestPrepareErrors(t *testing.T) {
	one := three()
	one.Models = one.Models[:1]
	empty := three()
	for m := range empty.Models {
		empty.Models[m].Text = []*string{nil, nil, nil}
	}
	mute := three()
	mute.Prompt = nil
	for name, c := range map[string]struct {
		file *answers.File
		o    Options
		want string
		hint string
	}{
		"no prompts":         {mute, Options{Mode: Grade}, "no prompts", "prompt"},
		"no answers":         {empty, Options{Mode: Grade}, "nothing to judge in 3 rows", ""},
		"no pairs":           {empty, Options{Mode: Pair, Versus: All}, "nothing to judge", ""},
		"one model":          {one, Options{Mode: Pair}, "1 model, expected at least two", ""},
		"three models":       {three(), Options{Mode: Pair}, "answers of 3 models, expected to know which", "up to 18 questions"},
		"an unknown model":   {three(), Options{Mode: Pair, Versus: "w"}, `"w"`, ""},
		"an unknown column":  {three(), Options{Mode: Grade, Gold: "glod"}, "no column \"glod\"", "gold"},
		"an empty column":    {three(), Options{Mode: Grade, Gold: "empty"}, "holds no text", ""},
		"no file of prompts": {three(), Options{Mode: Grade, PromptFile: "none.txt"}, "none.txt", ""},
	} {
		_, err := Prepare(c.file, c.o)
		if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(strings.Join(hint.Of(err), "\n"), c.hint) {
			t.Errorf("%s: %v, hints %q", name, err, hint.Of(err))
		}
	}
}

// TestRepeats holds that repeats are drawn by digest, ask the same again under another number, and
// keep both orders together.
func TestRepeats(t *testing.T) {
	f := world{rows: 50, gap: 1, spread: 1}.file(1)
	for _, m := range []Mode{Grade, Pair} {
		q, err := Prepare(f, Options{Mode: m, Repeat: 0.101})
		if err != nil {
			t.Fatal(err)
		}
		want := map[Mode]int{Grade: 11, Pair: 12}[m] // rounded up
		if q.Repeats() != want || q.Len() != 100+want {
			t.Errorf("%s: %d repeats of %d questions, want %d of %d", m, q.Repeats(), q.Len(), want, 100+want)
		}
		for i := q.Len() - q.Repeats(); i < q.Len(); i++ {
			again, first := q.Request(i), q.Request(q.list[i].of)
			if again.Sample != 1 || first.Sample != 0 || again.Messages[0].Content != first.Messages[0].Content {
				t.Errorf("%s: question %d does not repeat %d", m, i, q.list[i].of)
			}
		}
	}
	all, err := Prepare(f, Options{Mode: Grade, Repeat: 1})
	if err != nil || all.Repeats() != 100 {
		t.Errorf("all repeated: %d, %v", all.Repeats(), err)
	}
}

// TestUselessJudge stops asking a judge that never gives a label.
func TestUselessJudge(t *testing.T) {
	j := says("What a fine answer!")
	q, err := Prepare(quizFile(50), Options{Mode: Grade, Concurrency: 1})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := q.Ask(context.Background(), j); err == nil || !strings.Contains(strings.Join(hint.Of(err), "\n"), "What a fine answer!") {
		t.Errorf("error %v, expected one that shows a reply", err)
	}
	if j.n != mostUseless {
		t.Errorf("asked %d times, expected %d", j.n, mostUseless)
	}
	late := &funcJudge{reply: func(_ chat.Request, n int) (chat.Answer, error) {
		if n == mostUseless {
			return chat.Answer{Text: "grade: 3", Finish: "stop"}, nil
		}
		return chat.Answer{Text: "no", Finish: "stop"}, nil
	}}
	if _, err := q.Ask(context.Background(), late); err != nil || late.n != q.Len() {
		t.Errorf("a judge with one label: asked %d times, %v", late.n, err)
	}
}
