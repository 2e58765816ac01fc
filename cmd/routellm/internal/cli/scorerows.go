package cli

import (
	"context"
	"fmt"
	"maps"
	"strings"

	"github.com/routellm/routellm/cmd/routellm/internal/result"
	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/routers"
)

// scored is a data set that is about to be scored.
type scored struct {
	table   *datasets.Table
	prompts []routers.Prompt // one a row
}

// readScored reads what the router needs of every row.
func readScored(ctx context.Context, e *encoders, f *datasets.File, name string, r routers.Router) (scored, error) {
	sel := selection(f, r.Needs())
	sel.Digests = true
	t, err := f.Read(sel)
	if err != nil {
		return scored{}, err
	}
	prompts, err := e.promptsFor(ctx, name, t, r)
	if err != nil {
		return scored{}, err
	}
	d := scored{t, prompts}
	if c, ok := r.(routers.Checker); ok {
		return d, c.Check(d.prompts)
	}
	return d, nil
}

// scoreAll scores the prompts, batch by batch to show how far it is.
func scoreAll(ctx context.Context, r routers.Router, prompts []routers.Prompt, progress func(done, total int)) ([]float64, error) {
	scores := make([]float64, 0, len(prompts))
	for len(scores) < len(prompts) {
		some := prompts[len(scores):min(len(scores)+batchRows, len(prompts))]
		got, err := r.Scores(ctx, some)
		if err != nil {
			return nil, err
		}
		for i, v := range got {
			if v-v != 0 { // NaN and infinities
				return nil, fmt.Errorf("sample %q: score %v, expected a finite number", some[i].ID, v)
			}
		}
		scores = append(scores, got...)
		progress(len(scores), len(prompts))
	}
	return scores, nil
}

// scoreColumns are the columns of the file, less prompt_sha256 where the data set has none.
func scoreColumns(t *datasets.Table, scores []float64) []datasets.AnyColumn {
	columns := []datasets.AnyColumn{{Name: "sample_id", Strings: t.SampleID}}
	if t.PromptSHA256 != nil {
		columns = append(columns, datasets.AnyColumn{Name: "prompt_sha256", Strings: t.PromptSHA256})
	}
	return append(columns, datasets.AnyColumn{Name: "score", Floats: scores})
}

// scoreMeta says what was scored by what. What is not known or not there is left out.
func scoreMeta(o scoreOptions, r routers.Router, input result.Input, t *datasets.Table) map[string]string {
	meta := map[string]string{
		"routellm.schema_version": "1", "routellm.router": o.Router,
		"routellm.data": t.Meta.Name, "routellm.data_sha256": input.SHA256,
	}
	if t.Meta.Name == "" {
		meta["routellm.data"] = nameOf(o.Data)
	}
	if m, ok := r.(routers.Model); ok {
		meta["routellm.router_sha256"] = m.SHA256()
	}
	if t.PromptSHA256 != nil {
		meta["routellm.prompts_sha256"] = datasets.SHA256Hex(strings.Join(t.PromptSHA256, "\n") + "\n")
	}
	if k, ok := kindOf(r); ok {
		meta["routellm.encoder"], meta["routellm.encoder_sha256"] = k.name, k.sha256
	}
	maps.DeleteFunc(meta, func(_, value string) bool { return value == "" })
	return meta
}

// countTrained counts the rows whose prompts the router was trained on.
func countTrained(r routers.Router, t *datasets.Table) int {
	d := demand{trained: trainingPrompts([]entrant{{router: r}})}
	count := 0
	for i := range t.Rows() {
		if d.trains(t, i) {
			count++
		}
	}
	return count
}
