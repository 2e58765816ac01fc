package harness_test

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/features"
	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/routers"
)

// mostNumbers is a router whose scores are the first cue about numbers.
type mostNumbers struct{}

func (mostNumbers) Needs() routers.Needs { return routers.Needs{Cues: true} }

func (mostNumbers) Scores(_ context.Context, prompts []routers.Prompt) ([]float64, error) {
	at := slices.IndexFunc(features.All(), func(f features.Feature) bool { return f.Name == "numbers" })
	out := make([]float64, len(prompts))
	for i := range prompts {
		if prompts[i].Cues == nil {
			return nil, fmt.Errorf("%s has no cues", prompts[i].ID)
		}
		cues, err := prompts[i].CheckedCues()
		if err != nil {
			return nil, err
		}
		out[i] = float64(cues[at])
	}
	return out, nil
}

// numbered returns a data set of prompts with ever more numbers.
func numbered() *datasets.Table {
	t := &datasets.Table{Meta: datasets.NewMeta()}
	t.Meta.Strong, t.Meta.Weak = "big", "small"
	strong, weak := datasets.Column{Name: "big"}, datasets.Column{Name: "small"}
	for i := range 20 {
		t.SampleID = append(t.SampleID, fmt.Sprintf("s%02d", i))
		t.Prompt = append(t.Prompt, "Add them up:"+strings.Repeat(" 7", i))
		strong.Values, weak.Values = append(strong.Values, 1), append(weak.Values, float64(i%2))
	}
	t.Quality = []datasets.Column{strong, weak}
	t.FillFromPrompts()
	return t
}

func writeTable(t *testing.T, table *datasets.Table) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "d.parquet")
	if err := table.WriteFile(path); err != nil {
		t.Fatal(err)
	}
	return path
}

func cueScores(path string) ([]float64, error) {
	rs := []harness.Router{harness.Own("numbers", mostNumbers{})}
	benches, err := harness.Load(context.Background(), []string{path}, rs, harness.LoadOptions{})
	if err != nil {
		return nil, err
	}
	out, err := harness.Score(context.Background(), rs, benches, harness.Feedback{})
	if err != nil {
		return nil, err
	}
	return out.Benchmarks[0].Scores[0], nil
}

// TestStoredCuesEqualThoseOfTheText evaluates a router that needs cues on a data set with prompts
// and on the same one without.
func TestStoredCuesEqualThoseOfTheText(t *testing.T) {
	table := numbered()
	want, err := cueScores(writeTable(t, table))
	if err != nil || !slices.IsSorted(want) || want[0] == want[19] {
		t.Fatalf("scores %v, error %v", want, err)
	}
	table.DropPrompts()
	got, err := cueScores(writeTable(t, table))
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("scores %v, error %v, want %v", got, err, want)
	}
}

func TestDataWithoutCues(t *testing.T) {
	none := numbered()
	none.Prompt, none.HasPrompt = nil, false
	_, err := cueScores(writeTable(t, none))
	if err == nil || !strings.Contains(err.Error(), "has neither prompts nor cues") || len(hint.Of(err)) != 1 {
		t.Errorf("error %v, hints %q", err, hint.Of(err))
	}
	dropped := numbered()
	dropped.DropPrompts()
	dropped.Cues, dropped.Meta.CuesSHA256 = nil, features.SHA256()
	_, err = cueScores(writeTable(t, dropped))
	if err == nil || !strings.Contains(err.Error(), "has neither prompts nor cues") {
		t.Errorf("error %v of data whose column of cues was dropped", err)
	}
	other := numbered()
	other.DropPrompts()
	other.Meta.CuesSHA256 = strings.Repeat("0", 64)
	_, err = cueScores(writeTable(t, other))
	if err == nil || !strings.Contains(err.Error(), "those of another version of routellm") {
		t.Errorf("error %v", err)
	}
	other.Prompt, other.HasPrompt = numbered().Prompt, true
	if _, err := cueScores(writeTable(t, other)); err != nil {
		t.Errorf("other cues beside prompts: %v", err)
	}
}

func TestBuiltinDataHasCues(t *testing.T) {
	if scores, err := cueScores("mt-bench"); err != nil || len(scores) == 0 {
		t.Errorf("%d scores, error %v", len(scores), err)
	}
}
