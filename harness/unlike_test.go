package harness

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/routellm/routellm/results"
	"github.com/routellm/routellm/routers"
)

// brief scores prompts by their characters and knows only prompts of fewer than 10.
type brief struct {
	vectors bool // it needs vectors of an encoder that is not at hand
	silent  bool // it does not know what it was trained on
}

func (b brief) Needs() routers.Needs { return routers.Needs{Features: true, Vector: b.vectors} }

func (b brief) VectorsFrom() (name, sha256 string) { return "other", "ff" }

func (b brief) Scores(_ context.Context, prompts []routers.Prompt) ([]float64, error) {
	out := make([]float64, len(prompts))
	for i := range prompts {
		out[i], _ = prompts[i].Count(routers.Chars)
	}
	return out, nil
}

func (b brief) Unlike(prompts []routers.Prompt) []bool {
	if b.silent {
		return nil
	}
	out := make([]bool, len(prompts))
	for i := range prompts {
		chars, _ := prompts[i].Count(routers.Chars)
		out[i] = chars >= 10
	}
	return out
}

// TestUnlikeArena counts the Arena prompts that are unlike those that routers were trained on.
func TestUnlikeArena(t *testing.T) {
	arena, err := builtin("arena")
	if err != nil {
		t.Fatal(err)
	}
	defer arena.Close()
	table, err := arena.Read(selection(arena, routers.Needs{Features: true}))
	if err != nil {
		t.Fatal(err)
	}
	want := 0
	for _, p := range promptsOf(table, routers.Needs{Features: true}) {
		if chars, _ := p.Count(routers.Chars); chars >= 10 {
			want++
		}
	}
	c := scorerOf(t, brief{})
	if n, all, err := c.UnlikeArena(context.Background()); err != nil || !c.Familiar() || n != want || all != table.Rows() || n == all {
		t.Errorf("%d of %d, %v, expected %d of %d", n, all, err, want, table.Rows())
	}
	for _, r := range []routers.Router{brief{silent: true}, openTestScorer(t, "length").Router().Router} {
		if scorerOf(t, r).Familiar() {
			t.Errorf("%T knows what it was trained on", r)
		}
	}
	other := &Scorer{promptMaker: promptMaker{needs: brief{vectors: true}.Needs(), encoders: NewEncoders(Encoder{}, Feedback{})}, router: Own("other", brief{vectors: true})}
	if n, all, err := other.UnlikeArena(context.Background()); err == nil {
		t.Errorf("%d of %d without their vectors", n, all)
	}
}

func scorerOf(t *testing.T, r routers.Router) *Scorer {
	t.Helper()
	c, err := NewScorer(Own("r", r), Encoder{}, Feedback{})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestUnlikeOfCalibration keeps in an artifact how many of the prompts that set the threshold were
// unlike, and warns if they were many.
func TestUnlikeOfCalibration(t *testing.T) {
	t.Chdir(t.TempDir())
	plain, graded := "prompt\n", "prompt,quality:big,quality:small\n"
	for i := range 40 {
		p := fmt.Sprintf("short %02d", i)
		if i < 8 {
			p += " and long enough"
		}
		plain += p + "\n"
		graded += fmt.Sprintf("%s,%d,%d\n", p, min(1, i%3), i%2)
	}
	for name, text := range map[string]string{"plain.csv": plain, "graded.csv": graded} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for data, unlike := range map[string]int{"plain.csv": 8, "graded.csv": 6} { // 6 of them set the threshold
		a, notes := calibrated(t, brief{}, data)
		if valueOf(a.Unlike) != unlike {
			t.Fatalf("%s: %v of %d prompts are unlike, expected %d", data, valueOf(a.Unlike), a.Scores, unlike)
		}
		if !strings.Contains(notes, "8 of 40 prompts are unlike anything that r was trained on") {
			t.Errorf("%s: notes %q", data, notes)
		}
		if w := strings.Join(ArtifactWarnings(a), "\n"); !strings.Contains(w, fmt.Sprintf("%d of the %d prompts that set its threshold are unlike", unlike, a.Scores)) {
			t.Errorf("%s: warnings %q", data, w)
		}
		if a, notes = calibrated(t, brief{silent: true}, data); a.Unlike != nil || unlikeWarning(a) != "" || strings.Contains(notes, "unlike") {
			t.Errorf("%s: %d, %q of a router that cannot tell", data, valueOf(a.Unlike), notes)
		}
	}
	a, notes := calibrated(t, brief{}, "")
	if valueOf(a.Unlike) < 9000 || unlikeWarning(a) != "" || notes != "" {
		t.Errorf("Arena: %d, %q, %q", valueOf(a.Unlike), unlikeWarning(a), notes)
	}
	few := 3
	if w := unlikeWarning(&results.Artifact{Unlike: &few, Scores: 31}); w != "" {
		t.Errorf("3 of 31 are fewer than one in ten: %q", w)
	}
}

// calibrated returns the artifact for 30 % strong calls on data, and what was said.
func calibrated(t *testing.T, r routers.Router, data string) (*results.Artifact, string) {
	t.Helper()
	var notes strings.Builder
	o := DefaultCalibrate(StrongFractions(0.3))
	o.Data, o.Note = data, func(line string) { notes.WriteString(line + "\n") }
	if data == "graded.csv" {
		o.Pair = results.Pair{Strong: "big", Weak: "small"}
	}
	c, err := Calibrate(context.Background(), Own("r", r), o)
	if err != nil {
		t.Fatalf("%s: %v", data, err)
	}
	return c.Artifact, notes.String()
}

// valueOf returns the number that n points to, -1 if n is nil.
func valueOf(n *int) int {
	if n == nil {
		return -1
	}
	return *n
}
