package scores

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/routers"
)

func write(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestScoresByDigestReachAllRows(t *testing.T) {
	digest := datasets.SHA256Hex("why")
	r, err := Open(write(t, "s.jsonl", `{"prompt_sha256": "`+digest+`", "score": 0.5}`))
	if err != nil {
		t.Fatal(err)
	}
	if !r.Needs().SHA256 {
		t.Error("the digest is not asked for")
	}
	prompts := []routers.Prompt{{ID: "a", SHA256: digest}, {ID: "b", SHA256: digest}}
	got, err := r.Scores(context.Background(), prompts)
	if err != nil || !slices.Equal(got, []float64{0.5, 0.5}) {
		t.Errorf("scores %v, %v", got, err)
	}
	other := []routers.Prompt{{ID: "c", SHA256: datasets.SHA256Hex("how")}}
	if err := r.Check(slices.Values(other)); err == nil || !strings.Contains(err.Error(), digest) {
		t.Errorf("error %v, want one that names %s", err, digest)
	}
	if _, err := r.Scores(context.Background(), other); err == nil {
		t.Error("no error for a prompt without a score")
	}
}

func TestDecisions(t *testing.T) {
	r, err := OpenDecisions(write(t, "d.csv", "sample_id,decision\na,strong\nb,weak\n"))
	if err != nil {
		t.Fatal(err)
	}
	got, err := r.Scores(context.Background(), []routers.Prompt{{ID: "b"}, {ID: "a"}})
	if err != nil || !slices.Equal(got, []float64{0, 1}) {
		t.Errorf("scores %v, %v", got, err)
	}
	if _, err := OpenDecisions(write(t, "d.csv", "sample_id,decision\na,strong\nb,maybe\n")); err == nil {
		t.Error("no error for a decision that is none")
	}
}

func TestDecisionsNameModels(t *testing.T) {
	d, err := OpenDecisions(write(t, "d.csv", "sample_id,decision\na,big\nb,small\n"))
	if err != nil {
		t.Fatal(err)
	}
	r, err := d.ForPair("big", "small")
	if err != nil {
		t.Fatal(err)
	}
	got, err := r.Scores(context.Background(), []routers.Prompt{{ID: "b"}, {ID: "a"}})
	if err != nil || !slices.Equal(got, []float64{0, 1}) {
		t.Errorf("scores %v, %v", got, err)
	}
	if _, err := d.ForPair("big", "tiny"); err == nil || !strings.Contains(err.Error(), `expected "big" or "tiny" in every row; missing or invalid in row 2 ("b": "small")`) {
		t.Errorf("error %v", err)
	}
}
