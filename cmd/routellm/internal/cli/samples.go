package cli

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/slicesx"

	"github.com/routellm/routellm/benchmarks"
	"github.com/routellm/routellm/cmd/routellm/internal/result"
	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/routers"
)

// bench is one data set made ready for evaluation.
type bench struct {
	name    string
	input   result.Input
	table   *datasets.Table
	pair    result.Pair
	all     []routers.Prompt // every row
	vectors map[vectorKind][][]float32
	used    []int // rows that are evaluated
	left    result.Excluded
	leaked  int // training prompts that were kept
	subject result.Subject
}

// prompts returns the evaluated prompts, with the vectors that a router needs.
func (b *bench) prompts(r routers.Router) []routers.Prompt {
	prompts := b.all
	if kind, ok := kindOf(r); ok {
		prompts = withVectors(prompts, b.vectors[kind])
	}
	return slicesx.Pick(prompts, b.used)
}

// expandBenches splits lists and replaces "all" by every built-in benchmark.
func expandBenches(values []string) ([]string, error) {
	var out []string
	for _, value := range values {
		for _, name := range strings.Split(value, ",") {
			switch {
			case name == "all":
				out = append(out, benchmarks.Names()...)
			case name == "":
				return nil, fmt.Errorf("--bench %q has an empty name", value)
			default:
				out = append(out, name)
			}
		}
	}
	for i, name := range out {
		if slices.Contains(out[:i], name) {
			return nil, fmt.Errorf("benchmark %q is named twice", name)
		}
	}
	return out, nil
}

// openData opens a built-in data set by name, anything else as a file.
func openData(name string) (*datasets.File, result.Input, error) {
	if data, ok := benchmarks.Data(name); ok {
		f, err := datasets.OpenBytes(name, data)
		return f, result.Input{Builtin: name, SHA256: datasets.DigestBytes(data)}, err
	}
	f, err := datasets.Open(name)
	if err != nil {
		return nil, result.Input{}, hintNames(name, err)
	}
	digest, err := datasets.Digest(name)
	return f, result.Input{Path: name, SHA256: digest}, err
}

// hintNames adds the built-in names to an error about something that looks
// like a name rather than a path.
func hintNames(name string, err error) error {
	if strings.ContainsAny(name, `./\`) {
		return err
	}
	return hint.With(err, "built-in: "+strings.Join(benchmarks.Names(), ", ")+"; anything else is a Parquet file")
}

// demand is what the routers of an evaluation ask of its data.
type demand struct {
	needs   routers.Needs
	kinds   []vectorKind // of vectors, each once
	trained knowledge    // of prompts to leave out
	keep    bool         // leave none out, as the reference does, but count them
	byTask  bool
	digests bool // of prompts
	extras  bool // read what the file has besides qualities, as costs
}

// loadBench reads a data set and drops the rows that cannot be evaluated.
func loadBench(ctx context.Context, e *encoders, name string, pair result.Pair, d demand) (*bench, error) {
	f, input, err := openData(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if pair, err = choosePair(f, pair); err != nil {
		return nil, err
	}
	sel := selection(f, d.needs)
	sel.Models, sel.Extras = []string{pair.Strong, pair.Weak}, d.extras
	sel.Digests = sel.Digests || d.digests || !d.trained.none() || len(d.kinds) > 0
	table, err := f.Read(sel)
	if err != nil {
		return nil, err
	}
	if d.needs.Text && !table.HasPrompt {
		if err := attachText(name, table); err != nil {
			return nil, err
		}
	}
	b := &bench{name: shortName(f), input: input, table: table, pair: pair, all: promptsOf(table, d.needs), vectors: map[vectorKind][][]float32{}}
	for _, k := range d.kinds {
		if b.vectors[k], err = e.vectorsOf(ctx, name, table, k); err != nil {
			return nil, fmt.Errorf("%s: %w", f.Name(), err)
		}
	}
	if err := b.choose(d); err != nil {
		return nil, fmt.Errorf("%s: %w", f.Name(), err)
	}
	return b, nil
}

// shortName is the data set's own name, or else the file's.
func shortName(f *datasets.File) string {
	if name := f.Meta().Name; name != "" {
		return name
	}
	return strings.TrimSuffix(f.Name(), ".parquet")
}

// choosePair takes the pair of the flag, else the file's own.
func choosePair(f *datasets.File, pair result.Pair) (result.Pair, error) {
	meta, models := f.Meta(), f.Models()
	if pair == (result.Pair{}) {
		pair = result.Pair{Strong: meta.Strong, Weak: meta.Weak}
	}
	if pair.Strong == "" || pair.Weak == "" {
		return pair, hint.With(fmt.Errorf("%s names no default pair of models", f.Name()),
			"give --pair STRONG,WEAK", "models: "+strings.Join(models, ", "))
	}
	for _, m := range []string{pair.Strong, pair.Weak} {
		if !slices.Contains(models, m) {
			return pair, hint.With(fmt.Errorf("%s has no model %q", f.Name(), m), "models: "+strings.Join(models, ", "))
		}
	}
	return pair, nil
}

// choose fills the rows that are used and what is evaluated on them.
func (b *bench) choose(d demand) error {
	strong, _ := b.table.QualityOf(b.pair.Strong)
	weak, _ := b.table.QualityOf(b.pair.Weak)
	for i := range strong {
		switch {
		case b.table.Contaminated != nil && b.table.Contaminated[i]:
			b.left.Contaminated++
		case !d.keep && d.trained.trainedOn(b.table, b.all[i], i):
			b.left.Training++
		case math.IsNaN(strong[i]) || math.IsNaN(weak[i]): // not measured
			b.left.Missing++
		default:
			b.used = append(b.used, i)
			if d.keep && d.trained.trainedOn(b.table, b.all[i], i) {
				b.leaked++
			}
		}
	}
	if len(b.used) == 0 {
		return fmt.Errorf("no sample has both %q and %q measured", b.pair.Strong, b.pair.Weak)
	}
	b.subject = result.Subject{
		Outcomes: eval.Outcomes{Strong: slicesx.Pick(strong, b.used), Weak: slicesx.Pick(weak, b.used)},
		Clusters: eval.ClusterIDs(slicesx.Pick(b.table.Cluster, b.used)),
	}
	if d.byTask {
		b.subject.Tasks = slicesx.Pick(b.table.Task, b.used)
	}
	return nil
}
