package datasets

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/text"
)

// Quality is the name of the labels that are the qualities of models unless others are asked for:
// those of the columns "quality:MODEL".
const Quality = "quality"

// figures are the kinds of columns "<kind>:<model>" that do not say what an answer was worth.
var figures = []string{
	"feature", "pass", "answer", "error", "finish", "cost_usd", "latency_s", "input_tokens", "output_tokens",
	"cached_input_tokens", "reasoning_tokens", "logprob_mean", "logprob_min", "output_chars", "first_entropy", "agreement",
}

// UseLabels makes the labels of another name the qualities of the models: columns "NAME:MODEL" of
// numbers. Models, Read and Stream heed them; columns "quality:MODEL" become extras. The bounds and
// the unit of the labels are those of the metadata "routellm.labels.NAME.min", ".max" and ".unit", and
// unknown without. A file that has no such columns is an error that lists its labels.
func (f *File) UseLabels(name string) error {
	if name == "" || strings.Contains(name, ":") {
		return fmt.Errorf("labels %q: expected a name without a colon", name)
	}
	if name == Quality {
		return nil
	}
	if !slices.Contains(f.LabelNames(), name) {
		return noLabels(f.Name(), name, f.LabelNames())
	}
	f.labels = name
	key := metaPrefix + "labels." + name + "."
	lookup := func(k string) (string, bool) { return f.src.Lookup(key + strings.TrimPrefix(k, metaPrefix)) }
	f.meta.Min, f.meta.Max = math.NaN(), math.NaN()
	f.meta.Unit, _ = lookup("unit")
	scale := f.meta.EmbeddingScale
	err := f.meta.parseBounds(f.Name(), lookup)
	f.meta.EmbeddingScale = scale
	return err
}

// noLabels returns the error for labels that a file lacks, which has those of the given names.
func noLabels(file, name string, names []string) error {
	err := fmt.Errorf("%q: no columns \"%s:MODEL\", expected the labels %q of at least one model", file, name, name)
	if len(names) == 0 {
		return hint.With(err, "the file has no labels: grade and judge make them")
	}
	return hint.DidYouMean(hint.With(err, "labels in the file: "+text.Quoted(names, 12)), name, names)
}

// LabelNames lists the names of the file's labels, in the file's order.
func (f *File) LabelNames() []string {
	return labelNames(f.Columns(), f.src.IsNumber)
}

// labelNames lists the kinds of the columns "<kind>:<model>" of numbers that may say what an answer
// was worth.
func labelNames(columns []string, isNumber func(column string) bool) []string {
	var names []string
	for _, c := range columns {
		kind, model, ok := strings.Cut(c, ":")
		if ok && kind != "" && model != "" && !slices.Contains(figures, kind) && !slices.Contains(names, kind) && isNumber(c) {
			names = append(names, kind)
		}
	}
	return names
}

// prefix returns what the names of the columns of quality begin with.
func (f *File) prefix() string { return cmp.Or(f.labels, Quality) + ":" }

// roleOf returns a column's role, where the labels in use are the qualities.
func (f *File) roleOf(name string) role {
	switch {
	case f.labels == "":
	case strings.HasPrefix(name, f.prefix()) && len(name) > len(f.prefix()) && f.src.IsNumber(name):
		return roleQuality
	case roleOf(name) == roleQuality:
		return roleExtra
	}
	return roleOf(name)
}
