package scores

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/routers"
)

// embeddedFile returns a file of scores of the prompts, as score --compact writes it.
func embeddedFile(t *testing.T, data, model string, prompts []routers.Prompt, training ...bool) []byte {
	t.Helper()
	var ids, digests []string
	var values []float64
	for i, p := range prompts {
		ids, digests, values = append(ids, p.ID), append(digests, p.SHA256), append(values, float64(i)/4)
	}
	meta := datasets.ScoreMeta{Router: "x", RouterSHA256: model, Data: data, PromptsSHA256: datasets.PromptsDigest(digests)}
	columns := []datasets.AnyColumn{{Name: "sample_id", Strings: ids}, {Name: "score", Floats: values}}
	if training != nil {
		columns = append(columns, datasets.AnyColumn{Name: "training", Bools: training})
	}
	var b bytes.Buffer
	if err := datasets.WriteColumns(&b, columns, meta.Pairs()); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func promptsOf(texts ...string) []routers.Prompt {
	var out []routers.Prompt
	for _, text := range texts {
		out = append(out, routers.Prompt{ID: "id/" + text, SHA256: datasets.SHA256Hex(text)})
	}
	return out
}

func TestEmbedded(t *testing.T) {
	one, two := promptsOf("a", "b"), promptsOf("c")
	e, err := Embed("x", "model", "run it", map[string][]byte{
		"one": embeddedFile(t, "one", "model", one, false, true), "two": embeddedFile(t, "two", "model", two),
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := e.Check(slices.Values(one)); err != nil {
		t.Errorf("Check of one complete data set without the other: %v", err)
	}
	got, err := e.Scores(context.Background(), []routers.Prompt{two[0], one[1]})
	if err != nil || !slices.Equal(got, []float64{0, 0.25}) {
		t.Errorf("scores %v, %v", got, err)
	}
	if e.TrainedOn(one[0]) || !e.TrainedOn(one[1]) || e.TrainedOn(two[0]) {
		t.Error("TrainedOn does not report the prompt that the file marks")
	}
}

func TestEmbeddedRefuses(t *testing.T) {
	prompts := promptsOf("a", "b")
	changed := slices.Clone(prompts)
	changed[1].SHA256 = datasets.SHA256Hex("another")
	file := embeddedFile(t, "one", "model", prompts)
	e, err := Embed("x", "model", "run it", map[string][]byte{"one": file})
	if err != nil {
		t.Fatal(err)
	}
	_, strange := e.Scores(context.Background(), promptsOf("z"))
	_, otherModel := Embed("x", "other", "run it", map[string][]byte{"one": file})
	_, otherData := Embed("x", "model", "run it", map[string][]byte{"two": file})
	_, none := Embed("x", "model", "run it", nil)
	for want, err := range map[string]error{
		"have changed since they were scored":    e.Check(slices.Values(changed)),
		`sample "id/b" is missing from the data`: e.Check(slices.Values(prompts[:1])),
		`there are scores of one only`:           strange,
		`expected model "other"`:                 otherModel,
		`on "one", expected`:                     otherData,
		"has no embedded scores":                 none,
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
}

func TestScoresOfChangedPrompts(t *testing.T) {
	a, b := datasets.SHA256Hex("a"), datasets.SHA256Hex("b")
	r, err := Open(write(t, "s.csv", "sample_id,prompt_sha256,score,training\nx,"+a+",1,true\ny,"+b+",2,false\n"))
	if err != nil {
		t.Fatal(err)
	}
	now := []routers.Prompt{{ID: "x", SHA256: a}, {ID: "y", SHA256: b}}
	if err := r.Check(slices.Values(now)); err != nil {
		t.Error(err)
	}
	if !r.TrainedOn(now[0]) || r.TrainedOn(now[1]) {
		t.Error("TrainedOn does not report the prompt that the file marks")
	}
	now[1].SHA256 = a
	if err := r.Check(slices.Values(now)); err == nil || !strings.Contains(err.Error(), `the prompts of these samples have changed since they were scored: "y"`) {
		t.Errorf("error %v", err)
	}
	now[1].SHA256 = "" // a data set without digests
	if err := r.Check(slices.Values(now)); err != nil {
		t.Error(err)
	}
}
