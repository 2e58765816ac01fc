package datasets

import (
	"context"
	"fmt"
	"slices"

	"github.com/routellm/routellm/datasets/internal/parquetfile"
	"github.com/routellm/routellm/datasets/rows"
	"github.com/routellm/routellm/internal/hint"
)

const colModel, colCostUSD, colLatency, colSetting = "model", "cost_usd", "latency_s", "setting"

// Choices holds a router's decisions among models per sample or prompt, at one or more settings, as
// read from a file by [ReadChoices].
type Choices struct {
	Keyed
	Models   []string  // models that are chosen somewhere, in order of appearance
	Settings []Setting // in order of appearance; at least one
}

// Setting holds the decisions at one setting of a router, such as a threshold. Its slices have one
// value per id of the file.
type Setting struct {
	Name  string // "" if the file has no column setting
	Model []int  // index of the chosen model; -1 where the setting has no decision
	// Cost and Latency are what the prompt cost in US dollars, and took in seconds, with all that the
	// router called for it; nil if the file does not say.
	Cost, Latency []float64
}

// HasChoices reports whether a table has decisions as [ReadChoices] alone reads them: with a column
// model in place of decision, or with settings, costs or latencies.
func HasChoices(path string) (bool, error) {
	head, err := Header(path)
	if err != nil {
		return false, err
	}
	has := func(name string) bool { return slices.Contains(head, name) }
	return has(colModel) && !has(colDecision) || has(colSetting) || has(colCostUSD) || has(colLatency), nil
}

// ReadChoices reads a file of decisions in any format that [rows.Open] reads. It reads the columns
// sample_id (or prompt_sha256, if there is no sample_id) and model (or decision), and where they
// exist cost_usd, latency_s, setting and training. A decision may be "strong" or "weak" in place of a
// model's name. Each setting decides on a sample once. Costs and latencies are numbers of 0 or more
// in every row.
func ReadChoices(path string) (*Choices, error) {
	ctx := context.Background()
	t, err := rows.Open(ctx, path, rows.Options{})
	if err != nil {
		return nil, err
	}
	defer t.Close()
	r := newChoiceReader(path, t.Columns())
	if err := r.rec.require(r.out.Key, r.column); err != nil {
		return nil, hint.With(err, fmt.Sprintf("expected a column %q or %q, and a column %q with the name of a model", colSampleID, colSHA256, colModel))
	}
	want := present([]string{colSampleID, colSHA256, r.column, colSetting, colCostUSD, colLatency, colTraining}, r.rec.columns)
	err = t.Scan(ctx, want, func(row rows.Row) error {
		return r.add(func(column string) string { return textOf(row.Cells[slices.Index(want, column)]) })
	})
	if err == nil && t.About().Format == "Parquet" {
		r.out.Meta, err = ReadScoreMeta(t.About().Parts[0])
	}
	if err != nil {
		return nil, err
	}
	return r.finish()
}

// choiceReader collects the rows of a file of decisions.
type choiceReader struct {
	out      *Choices
	rec      *records
	column   string // the column of decisions
	row      int
	models   map[string]int
	settings map[string]int
	repeated firstThree
	wrong    map[string]*firstThree // by column
}

func newChoiceReader(path string, columns []string) *choiceReader {
	r := &choiceReader{rec: &records{path: path, columns: columns, cells: map[string][]string{}}, out: &Choices{}, column: colModel,
		models: map[string]int{}, settings: map[string]int{}, wrong: map[string]*firstThree{}}
	r.out.Keyed = newKeyed(r.rec)
	r.out.row = map[string]int{}
	if !slices.Contains(columns, colModel) && slices.Contains(columns, colDecision) {
		r.column = colDecision
	}
	return r
}

// has reports whether the file has a column.
func (r *choiceReader) has(column string) bool { return slices.Contains(r.rec.columns, column) }

// add adds a row.
func (r *choiceReader) add(cell func(column string) string) error {
	r.row++
	id := cell(r.out.Key)
	if expected := expectedText(r.out.Key, id); expected != "" {
		return cellError(r.out.Path, r.row, r.out.Key, quote(id), expected)
	}
	i, known := r.out.row[id]
	if !known {
		i = len(r.out.IDs)
		r.out.row[id], r.out.IDs = i, append(r.out.IDs, id)
		for _, name := range []string{colSHA256, colTraining} {
			if r.has(name) {
				r.rec.cells[name] = append(r.rec.cells[name], cell(name))
			}
		}
	} else if r.has(colSHA256) && r.rec.cells[colSHA256][i] != cell(colSHA256) {
		return cellError(r.out.Path, r.row, colSHA256, quote(cell(colSHA256)), "the digest of the sample's other rows")
	}
	s := r.settingOf(r.text(id, colSetting, cell))
	s.grow(len(r.out.IDs), r.has(colCostUSD), r.has(colLatency))
	if s.Model[i] >= 0 {
		r.repeated.add(fmt.Sprintf("%q (row %d)", id, r.row))
	}
	s.Model[i] = r.modelOf(r.text(id, r.column, cell))
	if s.Cost != nil {
		s.Cost[i] = r.amount(id, colCostUSD, cell)
	}
	if s.Latency != nil {
		s.Latency[i] = r.amount(id, colLatency, cell)
	}
	return nil
}

// text returns a cell that must not be empty; "" if the file has no such column.
func (r *choiceReader) text(id, column string, cell func(string) string) string {
	if !r.has(column) {
		return ""
	}
	v := cell(column)
	if v == "" || v == parquetfile.NullText {
		r.refuse(id, column, v)
	}
	return v
}

// amount returns a number of 0 or more.
func (r *choiceReader) amount(id, column string, cell func(string) string) float64 {
	v, ok := parseScore(cell(column))
	if !ok || v < 0 {
		r.refuse(id, column, cell(column))
	}
	return v
}

func (r *choiceReader) refuse(id, column, found string) {
	if r.wrong[column] == nil {
		r.wrong[column] = &firstThree{}
	}
	r.wrong[column].add(fmt.Sprintf("row %d (%q: %s)", r.row, id, quote(found)))
}

func (r *choiceReader) settingOf(name string) *Setting {
	k, ok := r.settings[name]
	if !ok {
		k = len(r.out.Settings)
		r.settings[name], r.out.Settings = k, append(r.out.Settings, Setting{Name: name})
	}
	return &r.out.Settings[k]
}

func (r *choiceReader) modelOf(name string) int {
	k, ok := r.models[name]
	if !ok {
		k = len(r.out.Models)
		r.models[name], r.out.Models = k, append(r.out.Models, name)
	}
	return k
}

// grow makes room for n ids.
func (s *Setting) grow(n int, cost, latency bool) {
	for len(s.Model) < n {
		s.Model = append(s.Model, -1)
		if cost {
			s.Cost = append(s.Cost, 0)
		}
		if latency {
			s.Latency = append(s.Latency, 0)
		}
	}
}

// finish returns what was read, or what is wrong with it.
func (r *choiceReader) finish() (*Choices, error) {
	for _, column := range []string{r.column, colSetting, colCostUSD, colLatency} {
		if w := r.wrong[column]; w != nil {
			return nil, fmt.Errorf("%q: column %q: expected %s in every row; missing or invalid in %s", r.out.Path, column, choiceExpects[column], w)
		}
	}
	if r.repeated.n > 0 {
		advice := "write one row per sample and setting"
		if !r.has(colSetting) {
			advice = "write one row per sample, or name a router's settings in a column \"setting\""
		}
		return nil, hint.With(fmt.Errorf("%q: column %q: repeated ids: %s", r.out.Path, r.out.Key, r.repeated), advice)
	}
	for k := range r.out.Settings {
		r.out.Settings[k].grow(len(r.out.IDs), r.has(colCostUSD), r.has(colLatency))
	}
	return r.out, r.out.addExtras(r.rec)
}

// choiceExpects says what cells of a file of decisions hold.
var choiceExpects = map[string]string{
	colModel: "the name of a model", colDecision: "the name of a model", colSetting: "the name of a setting",
	colCostUSD: "a number of 0 or more", colLatency: "a number of 0 or more",
}

// Choices returns decisions of a file that names models, or strong and weak, as those of one setting.
func (s *Scores) Choices() *Choices {
	c := &Choices{Keyed: s.Keyed, Settings: []Setting{{}}}
	r := &choiceReader{out: c, models: map[string]int{}}
	for i, v := range s.Values {
		name := SideName(v)
		if s.Names != nil {
			name = s.Names[i]
		}
		c.Settings[0].Model = append(c.Settings[0].Model, r.modelOf(name))
	}
	return c
}

// SideName returns the name of a decision: "strong" for 1 and "weak" for 0.
func SideName(decision float64) string {
	if decision == 1 {
		return "strong"
	}
	return "weak"
}
