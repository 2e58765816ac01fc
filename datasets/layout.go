package datasets

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/routellm/routellm/datasets/rows"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/text"
)

// layout says what every column of one table means.
type layout struct {
	id, prompt, task, cluster, weight string
	models                            []modelColumns // models of a wide table
	nested                            string

	long   bool
	model  string
	fields modelColumns // columns of a long table, or fields of the objects in nested
	failed string       // long: column that says why there is no quality

	guessed bool
	notes   []string // what was not taken, and why
}

// modelColumns names the columns of a model's numbers, in the order of answerColumnNames.
type modelColumns struct {
	name    string
	columns [len(answerColumnNames)]string
}

// eachColumn calls visit with every column of a wide table's models: first those of quality.
func (l *layout) eachColumn(visit func(m modelColumns, kind int, column string)) {
	for kind := range answerColumnNames {
		for _, m := range l.models {
			if m.columns[kind] != "" {
				visit(m, kind, m.columns[kind])
			}
		}
	}
}

// resolver finds the layout of a table.
type resolver struct {
	Mapping
	path    string
	columns []string
	sample  sample
	taken   map[string]bool
	folders []string // columns from the names of folders
	layout
}

func resolve(path string, t *rows.Table, m Mapping, s sample) (layout, error) {
	r := &resolver{Mapping: m, path: path, columns: t.Columns(), sample: s, taken: map[string]bool{}, folders: t.About().Folders}
	err := r.checkNamed()
	if err == nil {
		err = r.shared()
	}
	if err == nil {
		err = r.useLabels()
	}
	if err == nil {
		err = r.form()
	}
	return r.layout, err
}

// checkNamed marks the columns that are named, and returns an error if one is missing.
func (r *resolver) checkNamed() error {
	if r.Nested != "" && len(r.Models) > 0 {
		return errors.New("--model and --models-in are both given: want one of them")
	}
	named := []string{r.Mapping.ID, r.Prompt, r.Task, r.Cluster, r.Weight, r.Nested}
	if r.Nested == "" { // else they name fields inside of it
		named = append(named, r.Model, r.Quality)
	}
	for _, group := range [][]ModelColumn{r.Models, r.Costs, r.Latencies, r.Inputs, r.Outputs, r.CachedInputs, r.Reasonings} {
		for _, c := range group {
			if r.Nested == "" && !isGlob(c.Column) {
				named = append(named, c.Column)
			}
		}
	}
	for _, name := range named {
		if name == "" {
			continue
		}
		if err := r.require(name); err != nil {
			return err
		}
		r.taken[name] = true
	}
	return nil
}

// useLabels makes a column that is called like the labels that of the qualities, in a table without
// columns "LABELS:MODEL".
func (r *resolver) useLabels() error {
	switch {
	case r.Labels == "":
		return nil
	case len(r.Models) > 0 || r.FromRest || r.Nested != "" || r.Quality != "":
		return hint.With(fmt.Errorf("labels %q are asked for, and columns of quality are named too: expected one of them", r.Labels),
			"--labels takes the columns \""+r.prefix()+"MODEL\", or one column "+quoteWord(r.Labels)+" beside one of models")
	case r.prefixed() || r.FileModels != nil:
		return nil
	case !slices.Contains(r.columns, r.Labels) || !r.sample.hasNumbers(r.Labels):
		return noLabels(r.path, r.Labels, labelNames(r.columns, r.sample.hasNumbers))
	}
	r.Quality, r.taken[r.Labels] = r.Labels, true
	return nil
}

// require returns an error if the table lacks a column. Paths into JSON are left to the scan.
func (r *resolver) require(name string) error {
	if slices.Contains(r.columns, name) || strings.ContainsAny(name, ".[") {
		return nil
	}
	err := hint.With(fmt.Errorf("%q: column %q: missing", r.path, name), "columns in the file: "+text.Quoted(r.columns, 20))
	return hint.DidYouMean(err, name, r.columns)
}

// shared finds the columns that wide and long tables have.
func (r *resolver) shared() error {
	r.prompt = r.pick("prompt", r.Prompt, usualPrompts, r.sample.hasText)
	r.task = r.pick("task", r.Task, usualTasks, r.sample.hasValues)
	r.cluster = r.pick("cluster", r.Cluster, usualClusters, r.sample.hasValues)
	r.weight = r.pick("weight", r.Weight, usualWeights, r.sample.hasNumbers)
	return r.checkPrompts(r.prompt)
}

// checkPrompts returns an error if a column of prompts, "" for none, holds only numbers.
func (r *resolver) checkPrompts(column string) error {
	if column == "" || r.sample.hasText(column) || !r.sample.hasValues(column) {
		return nil
	}
	return hint.With(fmt.Errorf("%q: column %q: found only numbers, expected prompts", r.path, column),
		"name the column of prompts with --prompt; columns in the file: "+text.Quoted(r.columns, 20))
}

// pick returns the named column, or the first free one with a usual name that fits.
func (r *resolver) pick(meaning, named string, usual []string, fits func(string) bool) string {
	if named != "" {
		return named
	}
	var found []string
	for _, c := range usualColumns(usual, r.columns) {
		if !r.taken[c] && fits(c) {
			found = append(found, c)
		}
	}
	if len(found) == 0 {
		return ""
	}
	r.guessed, r.taken[found[0]] = true, true
	if len(found) > 1 {
		r.notes = append(r.notes, fmt.Sprintf("%s is %s, not %s", meaning, found[0], strings.Join(found[1:], " or ")))
	}
	return found[0]
}

// form finds out whether the table is wide or long, and what holds the qualities.
func (r *resolver) form() error {
	wide := len(r.Models) > 0 || r.FromRest || r.Nested != "" || r.FileModels != nil
	if wide && r.Nested == "" && (r.Model != "" || r.FileModels == nil && r.Quality != "") {
		return hint.With(errors.New("columns are named for one row per prompt and for one row per answer, expected one of them"),
			"one row per prompt: --model, --models-in or --models-from-rest", "one row per prompt and model: --model-column with --quality")
	}
	if !wide {
		long, err := r.isLong()
		if err != nil {
			return err
		}
		if long {
			defer r.noteNoPrompt()
			return r.longForm()
		}
	}
	r.id = r.pickID()
	if err := r.wideForm(); err != nil {
		return err
	}
	return r.checkUsable()
}

// pickID returns the column of ids in a table with one row per prompt.
func (r *resolver) pickID() string {
	return r.pick("id", r.Mapping.ID, usualIDs, func(c string) bool { return r.sample.hasValues(c) && r.sample.isUnique(c) })
}

// checkUsable returns an error if nothing in the table can be used: columns of numbers without
// prompts, ids or the names of models may be anything.
func (r *resolver) checkUsable() error {
	named := r.prompt != "" || r.id != "" || r.nested != "" || len(r.Models) > 0 || r.FromRest || r.FileModels != nil ||
		slices.ContainsFunc(r.models, func(m modelColumns) bool { return strings.HasPrefix(m.columns[0], r.prefix()) })
	if named && (r.prompt != "" || len(r.models) > 0 || r.nested != "") {
		r.noteNoPrompt()
		r.noteNoQuality()
		return nil
	}
	return hint.With(fmt.Errorf("%q: found no prompts and no qualities of models", r.path),
		"columns in the file: "+text.Quoted(r.columns, 20),
		"name them, for example --prompt question --model gpt-4o --model llama, or --model-column model --quality score")
}
