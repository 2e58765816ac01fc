package datasets

import (
	"fmt"
	"strings"

	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/text"
)

// isLong reports whether the table has one row per prompt and model.
func (r *resolver) isLong() (bool, error) {
	if r.Model != "" {
		return true, nil
	}
	models := r.free(usualModels, r.sample.hasText)
	if r.Quality != "" {
		if len(models) == 0 {
			return false, hint.With(fmt.Errorf("%q: a column of quality is named, but none of models", r.path),
				"one row per prompt and model: name the column with the model, --model-column", "one row per prompt: --model NAME="+r.Quality)
		}
		return true, nil
	}
	qualities := r.free(usualQualities, r.sample.hasNumbers)
	if len(models) == 0 || r.prefixed() {
		return false, nil
	}
	others := r.scoreColumns(append(models, qualities...))
	repeated := !r.sample.isUnique(r.prompt) || !r.sample.isUnique(firstOr(r.free(usualIDs, r.sample.hasValues)))
	switch {
	case len(qualities) > 0 && (repeated || len(others) < 2):
		return true, nil
	case len(qualities) == 0 && len(others) < 2:
		return len(others) == 1 && repeated, nil
	case repeated || len(qualities) > 0:
		return false, hint.With(fmt.Errorf("%q: found a column of models, %q, and several columns of scores, %s: expected one or the other", r.path, models[0], text.Quoted(append(qualities, others...), 5)),
			fmt.Sprintf("one row per prompt and model: --model-column %s --quality %s", quoteWord(models[0]), quoteWord(append(qualities, others...)[0])),
			fmt.Sprintf("one row per prompt: --model %s --model %s", quoteWord(others[0]), quoteWord(others[1])))
	}
	return false, nil
}

// free lists the columns with a usual name that have no other meaning and fit.
func (r *resolver) free(usual []string, fits func(string) bool) []string {
	var out []string
	for _, c := range usualColumns(usual, r.columns) {
		if !r.taken[c] && fits(c) {
			out = append(out, c)
		}
	}
	return out
}

func firstOr(columns []string) string {
	if len(columns) == 0 {
		return ""
	}
	return columns[0]
}

// longForm finds the columns of a table with one row per prompt and model.
func (r *resolver) longForm() error {
	r.long = true
	r.model = r.pick("model", r.Model, usualModels, r.sample.hasText)
	var err error
	if r.id, err = r.pickLongID(); err != nil {
		return err
	}
	quality := r.pick("quality", r.Quality, usualQualities, r.sample.hasNumbers)
	if quality == "" {
		if others := r.scoreColumns(nil); len(others) == 1 {
			quality, r.guessed, r.taken[others[0]] = others[0], true, true
		}
	}
	if quality == "" {
		return hint.With(fmt.Errorf("%q: found a column of models, %q, but none of their qualities", r.path, r.model),
			"name it with --quality; columns in the file: "+text.Quoted(r.columns, 20), "a table with one column per model needs --model or --models-in")
	}
	if err := r.oneForAll(); err != nil {
		return err
	}
	r.fields.columns = [...]string{
		quality, "", r.pick("cost", r.Cost, usualCosts, r.sample.hasNumbers), r.pick("input tokens", r.Input, usualInputs, r.sample.hasNumbers),
		r.pick("output tokens", r.Output, usualOutputs, r.sample.hasNumbers), r.pick("latency", r.Latency, usualLatencies, r.sample.hasNumbers),
		r.pick("cached input tokens", r.Cached, usualCached, r.sample.hasNumbers), r.pick("reasoning tokens", r.Reasoning, usualReasoning, r.sample.hasNumbers),
	}
	if failed := r.free(usualErrors, r.sample.hasText); len(failed) > 0 {
		r.failed, r.taken[failed[0]] = failed[0], true
	}
	if r.id == "" && r.prompt == "" {
		return hint.With(fmt.Errorf("%q: found no ids and no prompts, by which the answers of several models belong together", r.path),
			"name a column with --id or --prompt; columns in the file: "+text.Quoted(r.columns, 20))
	}
	return nil
}

// oneForAll takes the columns of costs, tokens and latencies for those of all models.
func (r *resolver) oneForAll() error {
	for _, c := range []struct {
		named []ModelColumn
		one   *string
	}{{r.Costs, &r.Cost}, {r.Inputs, &r.Input}, {r.Outputs, &r.Output}, {r.Latencies, &r.Latency}, {r.CachedInputs, &r.Cached}, {r.Reasonings, &r.Reasoning}} {
		switch {
		case len(c.named) == 1 && c.named[0].Model == c.named[0].Column && *c.one == "":
			*c.one = c.named[0].Column
		case len(c.named) > 0:
			return fmt.Errorf("%q: model %q is given a column of its own, %q, but the answers of all models share one: leave the name out", r.path, c.named[0].Model, c.named[0].Column)
		}
	}
	return nil
}

// pickLongID returns the column of sample ids. One whose values never repeat numbers the rows, if
// there are prompts to go by.
func (r *resolver) pickLongID() (string, error) {
	var err error
	rowNumbers := func(c string) bool {
		if r.prompt == "" || !r.sample.isUnique(c) || err != nil {
			return false
		}
		repeated := false
		repeated, err = r.sample.repeats(c)
		return !repeated
	}
	id := r.pick("id", r.Mapping.ID, usualIDs, func(c string) bool { return r.sample.hasValues(c) && !rowNumbers(c) })
	return id, err
}

// quoteWord quotes a column's name for a command line if it needs that.
func quoteWord(name string) string {
	if strings.ContainsAny(name, " '\"|*?$&;<>()[]{}\\") {
		return "'" + strings.ReplaceAll(name, "'", `'\''`) + "'"
	}
	return name
}
