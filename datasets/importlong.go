package datasets

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/routellm/routellm/datasets/rows"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/text"
)

// longReader hands the answers in rows to a collector.
type longReader struct {
	*importer
	*importFile
	at       columnIndex
	answered *Collector
	row      Graded // what the answers in the last row have in common
}

// collect reads files whose rows have to be joined.
func (in *importer) collect(ctx context.Context, sink func(*Table) error) error {
	ids := !slices.ContainsFunc(in.files, func(f importFile) bool { return f.id == "" })
	wide := !slices.ContainsFunc(in.files, func(f importFile) bool { return f.long })
	c := NewCollector(CollectOptions{
		Repeat: in.Repeat, FailWrong: in.FailWrong, KeepOrder: !ids || wide, KeepPrompt: in.KeepPrompt, taskIfNeeded: true,
	})
	for i := range in.files {
		l := longReader{importer: in, importFile: &in.files[i], at: columnsOf(&in.files[i].layout), answered: c}
		if err := l.table.Scan(ctx, l.at.want, l.visit); err != nil {
			return err
		}
	}
	if err := in.finish(nil); err != nil {
		return err
	}
	coverage, err := c.Batches(batchRows, sink)
	in.reading.Coverage = coverage
	if c.options.TaskInID {
		in.reading.Warnings = append(in.reading.Warnings, "ids repeat in several tasks: samples are named TASK/ID")
	}
	if err == errNoAnswers {
		err = fmt.Errorf("%q: no answers, expected at least one", in.reading.Path)
	}
	return err
}

// visit reads a row.
func (l *longReader) visit(r rows.Row) error {
	l.next(r)
	answers, err := l.answers(r)
	for _, g := range answers {
		if err == nil {
			err = l.answered.add(g)
		}
	}
	if err == nil && len(answers) == 0 {
		err = l.answered.addSample(l.row)
	}
	if err != nil {
		l.bad(r, err)
	}
	return nil
}

// answers returns the answers in a row.
func (l *longReader) answers(r rows.Row) ([]Graded, error) {
	g, err := l.shared(r)
	if err != nil {
		return nil, err
	}
	l.row = g
	switch {
	case l.long:
		g, err = l.answer(g, r)
		return []Graded{g}, err
	case l.nested != "":
		return l.inside(g, r)
	}
	return l.wide(g, r)
}

// shared reads what all answers in a row have in common.
func (l *longReader) shared(r rows.Row) (g Graded, err error) {
	g = NewGraded()
	g.File, g.Row = r.File, r.Number
	for _, c := range []struct {
		column string
		to     *string
	}{{l.id, &g.ID}, {l.task, &g.Task}, {l.cluster, &g.Cluster}} {
		if *c.to, err = nameIn(c.column, r.Number, l.at.cell(r, c.column)); err != nil {
			return g, err
		}
	}
	if g.Weight, err = l.weightOf(l.weight, r.Number, l.at.cell(r, l.weight)); err != nil {
		return g, err
	}
	if l.id != "" && g.ID == "" {
		return g, badCell{r.Number, l.id, quote(textOf(l.at.cell(r, l.id))), "the id of the prompt"}
	}
	if l.prompt != "" {
		if g.Prompt, err = l.promptOf(l.prompt, r.Number, l.at.cell(r, l.prompt)); err != nil {
			return g, err
		}
		if strings.TrimSpace(g.Prompt) == "" {
			return g, badCell{r.Number, l.prompt, quote(g.Prompt), "a prompt"}
		}
	}
	if l.id == "" && (!l.long && len(l.files) == 1 || l.prompt == "") {
		g.ID = rowID(l.rows - 1)
	}
	return g, nil
}

// answer reads the model and the numbers of a row with one answer.
func (l *longReader) answer(g Graded, r rows.Row) (_ Graded, err error) {
	if g.Model, err = modelIn(l.model, r.Number, l.at.cell(r, l.model)); err != nil {
		return g, err
	}
	g.Model = l.nameOf(g.Model)
	if l.failed != "" {
		if cell := l.at.cell(r, l.failed); cell.Kind == rows.Text && strings.TrimSpace(cell.Text) != "" {
			g.Failed = "error"
		}
	}
	return g, l.numbers(&g, l.fields, func(column string) rows.Cell { return l.at.cell(r, column) }, r)
}

// numbers reads the numbers of an answer.
func (l *longReader) numbers(g *Graded, m modelColumns, cell func(string) rows.Cell, r rows.Row) (err error) {
	for k, to := range []*float64{&g.Quality, &g.Pass, &g.CostUSD, &g.InputTokens, &g.OutputTokens, &g.LatencyS, &g.CachedTokens, &g.ReasoningTokens} {
		column := m.columns[k]
		switch {
		case column == "":
			continue
		case k == 0:
			*to, err = l.quality(l.importFile, g.Model, column, r, cell(column))
		default:
			*to, err = measure(l.importFile, column, r.Number, cell(column))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// wide returns the answers of a row with one column per model.
func (l *longReader) wide(shared Graded, r rows.Row) ([]Graded, error) {
	var out []Graded
	for _, m := range l.models {
		g := shared
		g.Model = m.name
		if err := l.numbers(&g, m, func(column string) rows.Cell { return l.at.cell(r, column) }, r); err != nil {
			return nil, err
		}
		out = append(out, g)
	}
	return out, nil
}

// inside returns the answers in the field that holds an object or a list.
func (l *longReader) inside(shared Graded, r rows.Row) ([]Graded, error) {
	cell := l.at.cell(r, l.nested)
	text := strings.TrimSpace(cell.Text)
	expected := badCell{r.Number, l.nested, quote(textOf(cell)), `an object such as {"gpt-4o": 1} or a list such as [{"model": "gpt-4o", "score": 1}]`}
	var object map[string]json.RawMessage
	var list []map[string]json.RawMessage
	var out []Graded
	switch {
	case json.Unmarshal([]byte(text), &object) == nil && object != nil:
		for _, model := range slices.Sorted(maps.Keys(object)) {
			g := shared
			g.Model = l.nameOf(model)
			if err := l.insideValue(&g, object[model], r); err != nil {
				return nil, err
			}
			out = append(out, g)
		}
	case json.Unmarshal([]byte(text), &list) == nil && list != nil:
		for k, fields := range list {
			g, err := l.insideItem(shared, k, fields, r)
			if err != nil {
				return nil, err
			}
			out = append(out, g)
		}
	default:
		return nil, expected
	}
	return out, nil
}

// insideValue reads the value of a model in an object: a quality, or an object with one.
func (l *longReader) insideValue(g *Graded, value json.RawMessage, r rows.Row) (err error) {
	var fields map[string]json.RawMessage
	if json.Unmarshal(value, &fields) == nil && fields != nil {
		return l.insideNumbers(g, fields, l.nested+"."+g.Model, r)
	}
	g.Quality, err = l.quality(l.importFile, g.Model, l.nested+"."+g.Model, r, rows.CellOf(value))
	return err
}

// insideItem reads an object of a list, which names its model.
func (l *longReader) insideItem(g Graded, k int, fields map[string]json.RawMessage, r rows.Row) (Graded, error) {
	at := fmt.Sprintf("%s[%d]", l.nested, k)
	names := slices.Sorted(maps.Keys(fields))
	key := l.Model
	if key == "" {
		key = firstOr(usualColumns(usualModels, names))
	}
	if key == "" {
		return g, hint.With(badCell{r.Number, at, "the fields " + text.Quoted(names, 8), "one with the model"}, "name it with --model-column")
	}
	var err error
	if g.Model, err = modelIn(at+"."+key, r.Number, rows.CellOf(fields[key])); err != nil {
		return g, err
	}
	g.Model = l.nameOf(g.Model)
	return g, l.insideNumbers(&g, fields, at, r)
}

// insideNumbers reads the numbers in an object about one answer.
func (l *longReader) insideNumbers(g *Graded, fields map[string]json.RawMessage, at string, r rows.Row) error {
	m, names := l.fields, slices.Sorted(maps.Keys(fields))
	for k, usual := range [][]string{usualQualities, {"pass"}, usualCosts, usualInputs, usualOutputs, usualLatencies, usualCached, usualReasoning} {
		if m.columns[k] == "" {
			m.columns[k] = firstOr(usualColumns(usual, names))
		}
	}
	if m.columns[0] == "" {
		return hint.With(badCell{r.Number, at, "the fields " + text.Quoted(names, 8), "one with the quality"}, "name it with --quality")
	}
	return l.numbers(g, m, func(path string) rows.Cell { return rows.CellOf(fieldAt(fields, path)) }, r)
}

// fieldAt returns the value at a dotted path, or nil.
func fieldAt(fields map[string]json.RawMessage, path string) json.RawMessage {
	if v, ok := fields[path]; ok {
		return v
	}
	head, tail, dotted := strings.Cut(path, ".")
	var inner map[string]json.RawMessage
	if !dotted || json.Unmarshal(fields[head], &inner) != nil {
		return nil
	}
	return fieldAt(inner, tail)
}
