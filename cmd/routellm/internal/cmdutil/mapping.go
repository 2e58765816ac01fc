package cmdutil

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/datasets/prompttext"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/num"
)

// Mapping returns what the flags say about a table's columns.
func (o *ColumnFlags) Mapping() (datasets.Mapping, error) {
	m := datasets.Mapping{
		ID: o.id, Prompt: o.prompt, Task: o.task, Cluster: o.cluster, Weight: o.weight, Models: ModelColumns(o.models), FromRest: o.fromRest, Nested: o.nested,
		Model: o.model, Quality: o.quality, LowerIsBetter: o.lower, Null: o.null, SkipBad: o.skipBad,
	}
	m.Rows.At, m.Rows.Sheet = o.rowsAt, o.sheet
	for _, parse := range []func(*datasets.Mapping) error{o.numbers, o.words, o.choices, o.dialect} {
		if err := parse(&m); err != nil {
			return m, err
		}
	}
	return m, nil
}

// numbers sets the columns of costs, latencies and tokens: one per model or, in a table with one
// row per prompt and model, one in all.
func (o *ColumnFlags) numbers(m *datasets.Mapping) error {
	for _, x := range []struct {
		flag   string
		values []string
		wide   *[]datasets.ModelColumn
		long   *string
	}{
		{"cost", o.costs, &m.Costs, &m.Cost}, {"latency", o.latencies, &m.Latencies, &m.Latency},
		{"input-tokens", o.inputs, &m.Inputs, &m.Input}, {"output-tokens", o.outputs, &m.Outputs, &m.Output},
		{"cached-input-tokens", o.cached, &m.CachedInputs, &m.Cached}, {"reasoning-tokens", o.reasoning, &m.Reasonings, &m.Reasoning},
	} {
		if o.model == "" {
			*x.wide = ModelColumns(x.values)
			continue
		}
		if len(x.values) > 1 || len(x.values) == 1 && strings.Contains(x.values[0], "=") {
			return fmt.Errorf("--%s %q: with --model-column, want one column", x.flag, strings.Join(x.values, ","))
		}
		*x.long = strings.Join(x.values, "")
	}
	return nil
}

// words sets the words for qualities and the names of models.
func (o *ColumnFlags) words(m *datasets.Mapping) (err error) {
	for _, text := range o.values {
		word, number, ok := cutLast(text, "=")
		v, parseErr := strconv.ParseFloat(number, 64)
		if !ok || parseErr != nil || math.IsInf(v, 0) {
			return fmt.Errorf("--values %q: want WORD=NUMBER, such as correct=1", text)
		}
		if m.Words == nil {
			m.Words = map[string]float64{}
		}
		m.Words[word] = v
	}
	for _, text := range o.aliases {
		old, name, ok := strings.Cut(text, "=")
		if !ok || old == "" || name == "" {
			return fmt.Errorf("--alias %q: want OLD=NEW", text)
		}
		if m.Aliases == nil {
			m.Aliases = map[string]string{}
		}
		m.Aliases[old] = name
	}
	m.Min, m.Max, err = ParseRange(o.qualityRange)
	m.DropOutside = o.qualityRange != ""
	return err
}

// choices sets what flags choose of a few words.
func (o *ColumnFlags) choices(m *datasets.Mapping) error {
	m.Repeat, m.Text, m.FailWrong = datasets.Repeat(o.repeat), prompttext.Mode(o.text), o.errors == "wrong"
	for _, x := range []struct {
		flag, value string
		known       []string
	}{
		{"repeat", o.repeat, []string{"", string(datasets.RepeatMean)}},
		{"errors", o.errors, []string{"", "missing", "wrong"}},
		{"text", o.text, []string{"", "last", "first", "users", "all", "raw"}},
	} {
		if err := CheckWord(x.flag, x.value, x.known...); err != nil {
			return err
		}
	}
	return nil
}

// dialect sets how CSV is read.
func (o *ColumnFlags) dialect(m *datasets.Mapping) error {
	named := map[string]string{"tab": "\t", `\t`: "\t", "comma": ",", "semicolon": ";", "pipe": "|", "space": " ", "point": "."}
	for _, x := range []struct {
		flag, value string
		to          *rune
	}{{"delimiter", o.delimiter, &m.Rows.Delimiter}, {"decimal", o.decimal, &m.Rows.Decimal}} {
		text := x.value
		if c, ok := named[text]; ok {
			text = c
		}
		if text == "" {
			continue
		}
		if utf8.RuneCountInString(text) != 1 {
			return fmt.Errorf("--%s %q: want one character", x.flag, x.value)
		}
		*x.to, _ = utf8.DecodeRuneInString(text)
	}
	if d := m.Rows.Decimal; d != 0 && d != '.' && d != ',' {
		return hint.With(fmt.Errorf("--decimal %q: want . or ,", o.decimal), "for example --decimal ,")
	}
	return nil
}

// ModelColumns reads values of the form [NAME=]COLUMN. Without NAME, the column's name is the
// model's.
func ModelColumns(values []string) []datasets.ModelColumn {
	var out []datasets.ModelColumn
	for _, v := range values {
		name, column, ok := strings.Cut(v, "=")
		if !ok {
			column = name
		}
		out = append(out, datasets.ModelColumn{Model: name, Column: column})
	}
	return out
}

// ParseRange reads MIN,MAX. For "" it returns NaN: the bounds are not known.
func ParseRange(text string) (lo, hi float64, err error) {
	if text == "" {
		return math.NaN(), math.NaN(), nil
	}
	first, second, _ := strings.Cut(text, ",")
	lo, wrongLo := strconv.ParseFloat(strings.TrimSpace(first), 64)
	hi, wrongHi := strconv.ParseFloat(strings.TrimSpace(second), 64)
	if wrongLo != nil || wrongHi != nil || !num.Finite(lo) || !num.Finite(hi) || !(lo < hi) {
		return 0, 0, fmt.Errorf("--range %q: want MIN,MAX, two finite numbers, for example 0,1", text)
	}
	return lo, hi, nil
}

// cutLast cuts text around the last separator.
func cutLast(text, separator string) (before, after string, found bool) {
	i := strings.LastIndex(text, separator)
	if i < 0 {
		return text, "", false
	}
	return text[:i], text[i+len(separator):], true
}
