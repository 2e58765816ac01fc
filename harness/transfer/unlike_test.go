package transfer

import (
	"context"
	"os"
	"slices"
	"testing"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/routers"
	"github.com/routellm/routellm/routers/familiar"
	"github.com/routellm/routellm/routers/training"
)

// TestUnlikeTable compares the table of forms in docs/results.md, which make unlike writes, with
// what the program computes from the built-in sources, and checks that the chosen form tells the
// most prompts apart. It is nightly: it fits 27 descriptions.
func TestUnlikeTable(t *testing.T) {
	raw, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	if !*update && os.Getenv("ROUTELLM_NIGHTLY") != "1" {
		t.Skip("skipped: expensive, ROUTELLM_NIGHTLY=1 runs it")
	}
	all, err := Sources(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	var found []Detected
	for _, o := range Forms() {
		found = append(found, Detect(all, o))
	}
	best := slices.MaxFunc(found, func(a, b Detected) int { return int(1e6 * (a.Mean() - b.Mean())) })
	if best.Options != familiar.Chosen() {
		t.Errorf("the form %+v tells the most prompts apart, and %+v is built in", best.Options, familiar.Chosen())
	}
	worth, err := Abstentions(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	want := place(t, place(t, string(raw), "unlike", DetectedTable(found)), "abstain", AbstentionTable(worth))
	switch {
	case want == string(raw):
	case !*update:
		t.Errorf("the table of forms on %s is not what the program computes: make unlike\n%s", page, want)
	default:
		if err := os.WriteFile(page, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// TestDetect tells two kinds of prompts apart, of which one is long and full of numbers.
func TestDetect(t *testing.T) {
	source := func(kind training.Kind, name string, scale int) *training.Source {
		s := &training.Source{Kind: kind, Name: name}
		for i := range 60 {
			f := routers.Features{}.With(routers.Chars, float64(scale*(100+i%7))).With(routers.Words, float64(scale*(20+i%5))).
				With(routers.Lines, float64(scale)).With(routers.Numbers, float64(scale*(i%3)))
			s.Prompts = append(s.Prompts, routers.Prompt{Vector: []float32{float32(i % 5), float32(i % 3)}, Features: f})
			s.Norm = append(s.Norm, datasets.SHA256Hex(name+string(rune('a'+i))))
		}
		return s
	}
	found := Detect([]*training.Source{source(training.Judge, "chat", 1), source(training.Arena, "votes", 1), source(training.Gold, "gold", 50)}, familiar.Chosen())
	if !slices.Equal(found.Names, []string{"chat", "gold"}) || !(found.Mean() > 0.9) {
		t.Errorf("%+v: want chat and gold, which learn from labels of quality, and nearly all prompts told apart", found)
	}
}
