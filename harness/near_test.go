package harness_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/routellm/routellm/benchmarks"
	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/datasets/nearcopy"
	"github.com/routellm/routellm/harness"
)

// pupil is a router that was trained on some texts; signed says whether it knows them.
type pupil struct {
	constant
	texts  []string
	signed bool
}

func (p pupil) TrainingPrompts() (norms []string) {
	for _, text := range p.texts {
		norms = append(norms, datasets.NormSHA256Hex(text))
	}
	return norms
}

func (p pupil) Signatures() nearcopy.Set {
	if !p.signed {
		return nearcopy.Set{}
	}
	var keys []nearcopy.Key
	var signatures []nearcopy.Signature
	for i, norm := range p.TrainingPrompts() {
		keys, signatures = append(keys, nearcopy.KeyOf(norm)), append(signatures, nearcopy.Of(p.texts[i]))
	}
	return nearcopy.NewSet(keys, signatures)
}

// dishes are the subjects of the prompts, which have nothing else in common.
var dishes = []string{
	"how long must barley soup simmer", "why does rye dough need a sour starter", "which pan suits thin pancakes", "can plums be dried in an oven",
	"who first salted the herring of the north", "what makes a crust of bread crackle", "where is saffron grown today", "when are chestnuts ripe enough to roast",
}

// dishData writes a data set that asks for each dish in other words. The first row is
// contaminated.
func dishData(t *testing.T) string {
	t.Helper()
	table := &datasets.Table{Meta: datasets.NewMeta(), HasPrompt: true}
	table.Meta.Name, table.Meta.Strong, table.Meta.Weak = "dishes", "big", "small"
	var big, small []float64
	for i, dish := range dishes {
		table.SampleID = append(table.SampleID, fmt.Sprint("d", i))
		table.Task, table.Cluster = append(table.Task, "t"), append(table.Cluster, fmt.Sprint(i))
		table.Prompt = append(table.Prompt, "Dear cook, "+dish+"? Thank you!")
		table.Contaminated = append(table.Contaminated, i == 0)
		big, small = append(big, 1), append(small, float64(i%2))
	}
	table.Quality = []datasets.Column{{Name: "big", Values: big}, {Name: "small", Values: small}}
	table.FillFromPrompts()
	return write(t, "dishes.parquet", func(b *bytes.Buffer) error { return table.Write(b) })
}

// TestNearCopiesOfSeveralRouters counts per router and leaves out for all.
func TestNearCopiesOfSeveralRouters(t *testing.T) {
	path := dishData(t)
	rs := []harness.Router{
		harness.Own("a", pupil{texts: dishes[:4], signed: true}), harness.Own("b", pupil{texts: dishes[3:6], signed: true}),
		harness.Own("c", pupil{texts: dishes[6:7]}), harness.Own("d", constant{}),
	}
	for _, exclude := range []bool{false, true} {
		var notes []string
		feedback := harness.Feedback{Note: func(note string) { notes = append(notes, note) }}
		benches := load(t, path, rs, harness.LoadOptions{Feedback: feedback, ExcludeNear: exclude})
		e, err := harness.Run(context.Background(), rs, benches, harness.RunOptions{})
		if err != nil {
			t.Fatal(err)
		}
		doc := e.Document.Benchmarks[0]
		samples, left := 7, 0
		if exclude {
			samples, left = 2, 5
		}
		if doc.Samples != samples || doc.Excluded.NearCopies != left || doc.Excluded.Contaminated != 1 {
			t.Errorf("exclude %v: %d samples, left out %+v", exclude, doc.Samples, doc.Excluded)
		}
		var found []string
		for _, c := range doc.NearCopies {
			found = append(found, fmt.Sprintf("%s %d of %d: %v, not searched %d", c.Router, c.Samples, c.TrainingPrompts, c.SampleIDs, c.Unsearched))
		}
		want := []string{"a 3 of 4: [d1 d2 d3], not searched 0", "b 3 of 3: [d3 d4 d5], not searched 0", "c 0 of 0: [], not searched 1"}
		if !slices.Equal(found, want) {
			t.Errorf("exclude %v: %q, want %q", exclude, found, want)
		}
		if len(notes) != 3 || !strings.HasPrefix(notes[0], "near copies of 1 training prompt of c cannot be looked for") ||
			strings.HasPrefix(notes[1], "warning: ") == exclude {
			t.Errorf("exclude %v: notes %q", exclude, notes)
		}
	}
}

// TestNearCopiesOfEmbeddedRouters finds those of a router that has embedded scores only.
func TestNearCopiesOfEmbeddedRouters(t *testing.T) {
	var notes []string
	feedback := harness.Feedback{Note: func(note string) { notes = append(notes, note) }}
	load(t, "mmlu", open(t, "bert", "mf"), harness.LoadOptions{Feedback: feedback})
	if len(notes) != 1 || !strings.Contains(notes[0], "training prompts of bert and mf, ") {
		t.Errorf("notes %q, want one for both routers", notes)
	}
}

// TestNearCopiesInBuiltinData finds a prompt in a data set without text: the router was trained
// on another format of it.
func TestNearCopiesInBuiltinData(t *testing.T) {
	data, _ := benchmarks.Data("gsm8k")
	f, err := datasets.OpenBytes("gsm8k", data)
	if err != nil {
		t.Fatal(err)
	}
	table, err := f.Read(datasets.Select{Digests: true})
	if err != nil {
		t.Fatal(err)
	}
	s, ok := nearcopy.Builtin().Find(nearcopy.KeyOf(table.PromptNormSHA256[700]))
	if !ok {
		t.Fatal("no signature of a built-in prompt")
	}
	rs := []harness.Router{harness.Own("a", imitator{signature: s})}
	bench := load(t, "gsm8k", rs, harness.LoadOptions{ExcludeNear: true})[0]
	if slices.Contains(bench.SampleIDs(), table.SampleID[700]) || len(bench.SampleIDs()) != 1306 {
		t.Errorf("%d samples, want all but the near copy %s", len(bench.SampleIDs()), table.SampleID[700])
	}
}

// imitator was trained on one prompt with a given signature.
type imitator struct {
	constant
	signature nearcopy.Signature
}

func (imitator) TrainingPrompts() []string { return []string{datasets.NormSHA256Hex("another format")} }

func (i imitator) Signatures() nearcopy.Set {
	return nearcopy.NewSet([]nearcopy.Key{nearcopy.KeyOf(i.TrainingPrompts()[0])}, []nearcopy.Signature{i.signature})
}

// TestInterruptedSearch cancels before the search.
func TestInterruptedSearch(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	rs := []harness.Router{harness.Own("a", pupil{texts: dishes, signed: true})}
	if _, err := harness.Load(ctx, []string{dishData(t)}, rs, harness.LoadOptions{}); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want %v", err, context.Canceled)
	}
}
