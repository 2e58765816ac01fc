package answers

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/datasets/rows"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/values"
)

// find finds out what the columns mean.
func (s *Source) find(ctx context.Context, m datasets.Mapping) (err error) {
	s.head.Name = s.path
	if s.head.SHA256, err = s.table.Digest(); err != nil {
		return err
	}
	s.head.Meta = metadataOf(s.table)
	columns, err := s.wanted()
	if err == nil {
		columns, err = s.readable(ctx, columns)
	}
	if err != nil {
		return err
	}
	if m.ID == "" && slices.Contains(columns, colID) {
		m.ID = colID // also if it repeats, which is an error
	}
	if s.head.Meta[metaVersion] != "" {
		s.reading, s.own = ownColumns(columns), true
	} else if s.reading, err = datasets.FindPrompts(ctx, s.path, s.table, m); err != nil {
		return err
	}
	if s.asked {
		s.messages = s.reading.Prompt
	}
	if slices.Contains(columns, colMessages) {
		s.messages = colMessages
	}
	s.findModels(columns)
	numeric, err := s.numeric(ctx, columns)
	if err != nil {
		return err
	}
	for _, c := range columns {
		s.take(c, numeric[c])
	}
	return nil
}

// wanted lists the columns without those to leave out.
func (s *Source) wanted() ([]string, error) {
	columns := s.table.Columns()
	for _, name := range s.drop {
		if !slices.Contains(columns, name) {
			return nil, hint.DidYouMean(fmt.Errorf("%q: column %q: missing, but is to be left out", s.path, name), name, columns)
		}
	}
	return slices.DeleteFunc(columns, func(c string) bool { return slices.Contains(s.drop, c) }), nil
}

// readable lists the columns without those that hold no text, such as bytes, which it notes.
func (s *Source) readable(ctx context.Context, columns []string) ([]string, error) {
	if format := s.table.About().Format; format != "Parquet" && format != "Arrow" {
		return columns, nil
	}
	var out []string
	enough := errors.New("enough rows")
	for _, c := range columns {
		err := s.table.Scan(ctx, []string{c}, func(rows.Row) error { return enough })
		switch {
		case ctx.Err() != nil:
			return nil, ctx.Err()
		case err == nil || errors.Is(err, enough):
			out = append(out, c)
		default:
			s.left = append(s.left, c)
		}
	}
	return out, nil
}

// metadataOf returns the metadata of a table that is one Parquet file; nil of another.
func metadataOf(t *rows.Table) map[string]string {
	about := t.About()
	if about.Format != "Parquet" || len(about.Parts) != 1 {
		return nil
	}
	meta, err := datasets.Metadata(about.Parts[0])
	if err != nil { // a compressed file
		return nil
	}
	return meta
}

// ownColumns returns the columns of a file that this program wrote.
func ownColumns(columns []string) datasets.PromptColumns {
	has := func(name string) string {
		if slices.Contains(columns, name) {
			return name
		}
		return ""
	}
	return datasets.PromptColumns{ID: has(colID), Prompt: has(colPrompt), Task: has(colTask), Cluster: has(colCluster), Weight: has(colWeight)}
}

// findModels lists the models by their columns of answers.
func (s *Source) findModels(columns []string) {
	for _, cut := range []func(string) (string, bool){
		func(c string) (string, bool) { return strings.CutPrefix(c, PrefixAnswer) },
		func(c string) (string, bool) { return strings.CutSuffix(c, suffixAnswer) },
	} {
		for _, c := range columns {
			if name, ok := cut(c); ok && name != "" {
				s.head.Models = append(s.head.Models, Model{Name: name, Text: []*string{}})
			}
		}
		if len(s.head.Models) > 0 || s.asked { // among prompts, MODEL_response may be anything
			return
		}
	}
}

// model returns the number of the model that a column KIND:MODEL belongs to, -1 for none.
func (s *Source) model(column string) (kind string, model int) {
	kind, name, ok := strings.Cut(column, ":")
	if before, found := strings.CutSuffix(column, suffixAnswer); found && !ok && !s.asked {
		kind, name = "answer", before
	}
	return kind, slices.IndexFunc(s.head.Models, func(m Model) bool { return m.Name == name })
}

// numeric finds the columns KIND:NAME that hold numbers in all rows.
func (s *Source) numeric(ctx context.Context, columns []string) (map[string]bool, error) {
	var want []string
	numeric := map[string]bool{}
	for _, c := range columns {
		kind, model := s.model(c)
		numeric[c] = kind == Quality
		if strings.Contains(c, ":") && kind != Quality && !(model >= 0 && isKind(kind)) {
			want, numeric[c] = append(want, c), true
		}
	}
	if len(want) == 0 {
		return numeric, nil
	}
	parser := s.parser()
	err := s.table.Scan(ctx, want, func(r rows.Row) error {
		for i, c := range r.Cells {
			numeric[want[i]] = numeric[want[i]] && isNumber(parser, c)
		}
		return nil
	})
	return numeric, err
}

// isNumber reports whether a cell holds a number, a truth value or nothing.
func isNumber(p values.Parser, c rows.Cell) bool {
	_, kind := p.Read(c.Text)
	return c.Kind == rows.Missing || c.Kind != rows.JSON && (kind == values.Number || kind == values.Missing || kind == values.Bool)
}

func (s *Source) parser() values.Parser { return values.Parser{Decimal: s.table.About().Decimal} }

// take decides what a column means, and how its cells are read.
func (s *Source) take(column string, numeric bool) {
	kind, model := s.model(column)
	switch {
	case s.takeFixed(column):
	case s.head.Prompt != nil && slices.Contains(computed, column):
	case model >= 0 && s.takeKind(column, kind, model):
	case numeric && model >= 0:
		s.takeLabels(column, kind, model)
	case numeric:
		k := len(s.head.Numbers)
		s.head.Numbers = append(s.head.Numbers, datasets.Column{Name: column})
		s.number(column, func(f *File) *[]float64 { return &f.Numbers[k].Values })
	default:
		k := len(s.head.Passed)
		s.head.Passed = append(s.head.Passed, TextColumn{Name: column})
		s.texts(column, func(f *File) *[]*string { return &f.Passed[k].Values })
	}
}

// takeKind takes a column of a known kind of a model.
func (s *Source) takeKind(column, kind string, model int) bool {
	if kind+":" == PrefixAnswer {
		s.texts(column, func(f *File) *[]*string { return &f.Models[model].Text })
		return true
	}
	for _, k := range numberKinds {
		if k.prefix == kind+":" {
			*k.of(&s.head.Models[model]) = []float64{}
			s.number(column, func(f *File) *[]float64 { return k.of(&f.Models[model]) })
			return true
		}
	}
	for _, k := range wordKinds {
		if k.prefix == kind+":" {
			*k.of(&s.head.Models[model]) = []string{}
			s.words(column, func(f *File) *[]string { return k.of(&f.Models[model]) })
			return true
		}
	}
	return false
}

// takeLabels takes a column of labels. The models without one get columns of NaN.
func (s *Source) takeLabels(column, name string, model int) {
	k := slices.IndexFunc(s.head.Labels, func(l Labels) bool { return l.Name == name })
	if k < 0 {
		k = len(s.head.Labels)
		s.head.Labels = append(s.head.Labels, Labels{name, make([][]float64, len(s.head.Models))})
	}
	s.number(column, func(f *File) *[]float64 { return &f.Labels[k].Values[model] })
}
