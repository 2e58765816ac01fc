package datasets

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/text"
)

// wideForm finds the columns of each model.
func (r *resolver) wideForm() error {
	if r.Nested != "" {
		r.nested = r.Nested
		if err := r.oneForAll(); err != nil {
			return err
		}
		r.fields.columns = [...]string{r.Quality, "", r.Cost, r.Input, r.Output, r.Latency, r.Cached, r.Reasoning}
		return nil
	}
	qualities, err := r.qualityColumns()
	if err != nil {
		return err
	}
	for _, c := range qualities {
		if again := slices.IndexFunc(r.models, func(m modelColumns) bool { return m.name == c.Model }); again >= 0 {
			return hint.With(fmt.Errorf("%q: model %q has two columns, %q and %q, expected one", r.path, c.Model, r.models[again].columns[0], c.Column),
				"give one of them another name: --model NAME=COLUMN")
		}
		r.taken[c.Column] = true
		r.models = append(r.models, modelColumns{name: c.Model, columns: [len(answerColumnNames)]string{0: c.Column}})
	}
	return r.attach()
}

// qualityColumns lists the columns of quality in a wide table: the named ones, or those with the
// prefix of a data set, or all that are left if they are clearly scores.
func (r *resolver) qualityColumns() ([]ModelColumn, error) {
	if r.FileModels != nil {
		return r.fileQuality()
	}
	out, err := expand(r.path, r.Models, r.columns)
	if err != nil || len(out) > 0 && !r.FromRest {
		return r.renamed(out), err
	}
	for _, c := range out {
		r.taken[c.Column] = true
	}
	if len(out) == 0 && r.prefixed() {
		for _, c := range r.columns {
			if model, ok := strings.CutPrefix(c, r.prefix()); ok && model != "" {
				out = append(out, ModelColumn{model, c})
			}
		}
		r.guessed = true
		return r.renamed(out), nil
	}
	rest := r.scoreColumns(nil)
	if r.FromRest {
		rest = r.numericRest()
		if len(rest)+len(out) == 0 {
			return nil, hint.With(fmt.Errorf("%q: no column with numbers is left for --models-from-rest", r.path), "columns in the file: "+text.Quoted(r.columns, 20))
		}
	}
	if len(rest) == 1 && !r.FromRest {
		r.notes = append(r.notes, fmt.Sprintf("%q is not taken for a model: --model %s does that", rest[0], quoteWord(rest[0])))
		rest = nil
	}
	for _, c := range rest {
		out = append(out, ModelColumn{c, c})
	}
	r.guessed = r.guessed || len(rest) > 0
	return r.renamed(out), nil
}

// fileQuality returns the column of quality in a file with the outcomes of one model.
func (r *resolver) fileQuality() ([]ModelColumn, error) {
	model := r.FileModels[0]
	if r.Labels != "" && r.Quality == "" {
		return r.labelled(model)
	}
	quality := r.pick("quality", r.Quality, append([]string{plainName(model), plainName(r.prefix() + model)}, usualQualities...), r.sample.hasNumbers)
	if others := r.scoreColumns(nil); quality == "" && len(others) == 1 {
		quality, r.guessed = others[0], true
	}
	if quality == "" {
		return nil, hint.With(fmt.Errorf("%q: found no column with the quality of %q", r.path, model), "name it with --quality; columns in the file: "+text.Quoted(r.columns, 20))
	}
	return []ModelColumn{{model, quality}}, nil
}

// labelled returns the column of a model's labels in a file with the outcomes of one model.
func (r *resolver) labelled(model string) ([]ModelColumn, error) {
	for _, c := range []string{r.prefix() + model, r.Labels} {
		if slices.Contains(r.columns, c) && r.sample.hasNumbers(c) {
			return []ModelColumn{{model, c}}, nil
		}
	}
	return nil, noLabels(r.path, r.Labels, labelNames(r.columns, r.sample.hasNumbers))
}

// renamed gives the models their aliases.
func (r *resolver) renamed(models []ModelColumn) []ModelColumn {
	for i, m := range models {
		models[i].Model = r.nameOf(m.Model)
	}
	return models
}

// nameOf returns what to call a model of the file.
func (m Mapping) nameOf(model string) string {
	if alias, ok := m.Aliases[model]; ok {
		return alias
	}
	return model
}

// expand replaces globs by the columns that they match. Their models are named like the columns.
func expand(path string, models []ModelColumn, columns []string) ([]ModelColumn, error) {
	var out []ModelColumn
	for _, m := range models {
		if slices.Contains(columns, m.Column) || !isGlob(m.Column) {
			if m.Model == "" {
				m.Model = m.Column
			}
			out = append(out, m)
			continue
		}
		if m.Model != "" && m.Model != m.Column {
			return nil, fmt.Errorf("%q: %s=%s: a name stands for one column, not for all that match", path, m.Model, m.Column)
		}
		n := len(out)
		for _, c := range columns {
			if matchGlob(m.Column, c) && endsAsScore(c) {
				out = append(out, ModelColumn{c, c})
			}
		}
		if len(out) == n {
			return nil, hint.With(fmt.Errorf("%q: no column of scores matches %q", path, m.Column), "columns in the file: "+text.Quoted(columns, 20))
		}
	}
	return out, nil
}

// prefix returns what the names of the columns of quality begin with in a data set.
func (r *resolver) prefix() string { return cmp.Or(r.Labels, Quality) + ":" }

// prefixed reports whether the table has columns of quality as a data set names them.
func (r *resolver) prefixed() bool {
	return slices.ContainsFunc(r.columns, func(c string) bool { return strings.HasPrefix(c, r.prefix()) && !r.taken[c] })
}

// scoreColumns lists the columns without another meaning if they are clearly scores: none if a
// column of numbers among them is not.
func (r *resolver) scoreColumns(except []string) []string {
	var out []string
	for _, c := range r.numericRest() {
		if slices.Contains(except, c) || slices.Contains(usualQualities, plainName(c)) {
			continue
		}
		if !r.sample.isScore(c) {
			return nil
		}
		out = append(out, c)
	}
	return out
}

// numericRest lists the columns of numbers and words of quality that have no other meaning.
func (r *resolver) numericRest() []string {
	var out []string
	for _, c := range r.columns {
		if !r.taken[c] && !slices.Contains(r.folders, c) && canBeScore(c) && r.sample.hasNumbers(c) {
			out = append(out, c)
		}
	}
	return out
}

// attach gives the models their costs, tokens and latencies: the named columns, and else those
// with a usual name.
func (r *resolver) attach() error {
	named := [len(answerColumnNames)][]ModelColumn{2: r.Costs, 3: r.Inputs, 4: r.Outputs, 5: r.Latencies, 6: r.CachedInputs, 7: r.Reasonings}
	usual := [len(answerColumnNames)][]string{1: {"pass"}, 2: usualCosts, 3: usualInputs, 4: usualOutputs, 5: usualLatencies, 6: usualCached, 7: usualReasoning}
	for k := 1; k < len(usual); k++ {
		for _, c := range named[k] {
			m, err := r.modelFor(c, k)
			if err != nil {
				return err
			}
			m.columns[k] = c.Column
		}
		if len(named[k]) > 0 {
			continue
		}
		for i := range r.models {
			m := &r.models[i]
			c := columnOfModel(strings.TrimPrefix(m.columns[0], r.prefix()), usual[k], r.columns)
			if r.FileModels != nil {
				c = firstOr(r.free(usual[k], r.sample.hasNumbers))
			}
			if m.columns[0] != "" && c != "" && !r.taken[c] && r.sample.hasNumbers(c) {
				m.columns[k], r.taken[c], r.guessed = c, true, true
			}
		}
	}
	return nil
}

// modelFor returns the model to which a named column of costs belongs. One that has no quality
// gets a place of its own.
func (r *resolver) modelFor(c ModelColumn, k int) (*modelColumns, error) {
	for i := range r.models {
		if m := &r.models[i]; m.name == c.Model || m.columns[0] == c.Model {
			if m.columns[k] != "" {
				return nil, fmt.Errorf("%q: model %q has two columns, expected one", r.path, c.Model)
			}
			return m, nil
		}
	}
	r.models = append(r.models, modelColumns{name: r.nameOf(c.Model)})
	return &r.models[len(r.models)-1], nil
}
