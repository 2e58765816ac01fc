package datasets

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/routellm/routellm/datasets/internal/parquetfile"
	"github.com/routellm/routellm/internal/hint"
)

// choiceReader collects the rows of a file of decisions.
type choiceReader struct {
	out      *Choices
	rec      *records
	column   string // the column of decisions
	row      int
	models   map[string]int
	settings map[string]int
	repeated firstThree
	wrong    map[string]*firstThree // wrong cells of each column
	empty    map[string]int         // number of empty cells of each column of amounts
}

func newChoiceReader(path string, columns []string) *choiceReader {
	r := &choiceReader{rec: &records{path: path, columns: columns, cells: map[string][]string{}}, out: &Choices{}, column: colModel,
		models: map[string]int{}, settings: map[string]int{}, wrong: map[string]*firstThree{}, empty: map[string]int{}}
	r.out.Keyed = newKeyed(r.rec)
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
	before := r.out.Rows()
	i := r.out.addID(id)
	if r.out.wrong != nil {
		return r.out.wrong
	}
	if i == before {
		for _, name := range []string{colSHA256, colTraining} {
			if r.has(name) {
				r.rec.cells[name] = append(r.rec.cells[name], cell(name))
			}
		}
	} else if r.has(colSHA256) && r.rec.cells[colSHA256][i] != cell(colSHA256) {
		return cellError(r.out.Path, r.row, colSHA256, quote(cell(colSHA256)), "the digest of the sample's other rows")
	}
	s := r.settingOf(r.text(id, colSetting, cell))
	s.grow(r.out.Rows(), r.has(colCostUSD), r.has(colLatency))
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
	v, ok := parseNumber(cell(column))
	if ok && math.IsNaN(v) {
		r.empty[column]++
	}
	if !ok || !(v >= 0) {
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
	for _, column := range []string{r.column, colSetting} {
		if err := r.wrongIn(column); err != nil {
			return nil, err
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
		r.out.Settings[k].grow(r.out.Rows(), r.has(colCostUSD), r.has(colLatency))
	}
	r.out.wrongAmounts = cmp.Or(
		r.amounts(colCostUSD, func(s *Setting) *[]float64 { return &s.Cost }),
		r.amounts(colLatency, func(s *Setting) *[]float64 { return &s.Latency }))
	return r.out, r.out.addExtras(r.rec)
}

// amounts returns the error about a column of amounts. It drops a column without any.
func (r *choiceReader) amounts(column string, of func(*Setting) *[]float64) error {
	if r.empty[column] < r.row {
		return r.wrongIn(column)
	}
	for k := range r.out.Settings {
		*of(&r.out.Settings[k]) = nil
	}
	return nil
}

// wrongIn returns the error about the cells of a column.
func (r *choiceReader) wrongIn(column string) error {
	w := r.wrong[column]
	if w == nil {
		return nil
	}
	return fmt.Errorf("%q: column %q: expected %s in every row; missing or invalid in %s", r.out.Path, column, choiceExpects[column], w)
}

// choiceExpects says what cells of a file of decisions hold.
var choiceExpects = map[string]string{
	colModel: "the name of a model", colDecision: "the name of a model", colSetting: "the name of a setting",
	colCostUSD: "a number of 0 or more", colLatency: "a number of 0 or more",
}
