package harness_test

import (
	"context"
	"strings"
	"testing"

	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/routers"
	"github.com/routellm/routellm/routers/registry"
)

// constant is a router with the same score for every prompt.
type constant struct{}

func (constant) Needs() routers.Needs { return routers.Needs{} }

func (constant) Scores(_ context.Context, prompts []routers.Prompt) ([]float64, error) {
	return make([]float64, len(prompts)), nil
}

// reader is a router that needs the text.
type reader struct{ constant }

func (reader) Needs() routers.Needs { return routers.Needs{Text: true, SHA256: true} }

func open(t *testing.T, names ...string) []harness.Router {
	t.Helper()
	rs, err := harness.Open(names, registry.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return rs
}

func load(t *testing.T, name string, rs []harness.Router, o harness.LoadOptions) []*harness.Benchmark {
	t.Helper()
	benches, err := harness.Load(context.Background(), []string{name}, rs, o)
	if err != nil {
		t.Fatal(err)
	}
	return benches
}

// TestRunRefusesOtherRouters loads benchmarks for some routers and runs others on them.
// A router whose needs were not loaded must be an error, never a wrong number.
func TestRunRefusesOtherRouters(t *testing.T) {
	ctx := context.Background()
	mf, judge, length, bert := open(t, "mf"), open(t, "mf@judge"), open(t, "length"), open(t, "bert")
	own, text := []harness.Router{harness.Own("own", constant{})}, []harness.Router{harness.Own("reader", reader{})}
	for _, c := range []struct {
		name        string
		loaded, run []harness.Router
		bench       string
		keep        bool
		want        string // in the error; "" for none
	}{
		{name: "features", loaded: nil, run: length, bench: "gsm8k", want: `router "length", which needs text features`},
		{name: "text and digests", loaded: length, run: text, bench: "mt-bench", want: `router "reader", which needs prompt digests and text`},
		{name: "vectors", loaded: length, run: mf, bench: "gsm8k", want: `router "mf", which needs cues and vectors of the encoder`},
		{name: "training prompts", loaded: judge, run: mf, bench: "gsm8k", want: `router "mf", which was trained on 300 of its samples`},
		{name: "training prompts on purpose", loaded: judge, run: mf, bench: "gsm8k", keep: true},
		{name: "a check", loaded: mf, run: bert, bench: "mt-bench", want: `router "bert", which needs a check of its file against the prompts`},
		{name: "fewer routers", loaded: append(open(t, "length,mf"), own...), run: mf, bench: "gsm8k"},
		{name: "nothing needed", loaded: nil, run: own, bench: "mt-bench"},
		{name: "closed form", loaded: nil, run: open(t, "random"), bench: "mt-bench"},
	} {
		benches := load(t, c.bench, c.loaded, harness.LoadOptions{KeepTraining: c.keep})
		_, runErr := harness.Run(ctx, c.run, benches, harness.RunOptions{})
		_, scoreErr := harness.Score(ctx, c.run, benches, harness.Feedback{})
		for call, err := range map[string]error{"Run": runErr, "Score": scoreErr} {
			switch {
			case c.want == "" && err != nil:
				t.Errorf("%s: %s returned the error %v, want none", c.name, call, err)
			case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
				t.Errorf("%s: %s returned the error %v, want %q in it", c.name, call, err, c.want)
			}
		}
	}
}

func TestRunRefusesRouters(t *testing.T) {
	ctx := context.Background()
	benches := load(t, "mt-bench", nil, harness.LoadOptions{})
	own := func(labels ...string) []harness.Router {
		var out []harness.Router
		for _, label := range labels {
			out = append(out, harness.Own(label, constant{}))
		}
		return out
	}
	for _, c := range []struct {
		run  []harness.Router
		want string
	}{
		{[]harness.Router{{}}, `router "" is not open`},
		{[]harness.Router{harness.Own("none", nil)}, `router "none" is not open`},
		{own("x", "x"), `two routers are called "x"`},
		{own("always weak"), `router label "always weak" is the name of a baseline`},
		{own("random"), `router label "random" is the name of a baseline`},
	} {
		_, loadErr := harness.Load(ctx, []string{"mt-bench"}, c.run, harness.LoadOptions{})
		_, runErr := harness.Run(ctx, c.run, benches, harness.RunOptions{})
		for call, err := range map[string]error{"Load": loadErr, "Run": runErr} {
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%s returned the error %v, want %q in it", call, err, c.want)
			}
		}
	}
	if _, err := harness.Run(ctx, own("x"), nil, harness.RunOptions{}); err == nil {
		t.Error("Run without benchmarks returned no error")
	}
	if _, err := harness.Load(ctx, nil, nil, harness.LoadOptions{}); err == nil {
		t.Error("Load without names returned no error")
	}
}
