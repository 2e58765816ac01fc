package harness

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/routellm/routellm/benchmarks"
	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/results"
)

// BenchmarkNames splits comma-separated lists and replaces "all" by the names of all
// built-in benchmarks. A file whose name has a comma is no list. An empty or repeated name
// is an error.
func BenchmarkNames(values []string) ([]string, error) {
	var out []string
	for _, value := range values {
		names := strings.Split(value, ",")
		if _, err := os.Stat(value); err == nil {
			names = []string{value}
		}
		for _, name := range names {
			switch {
			case name == "all":
				out = append(out, benchmarks.Names()...)
			case name == "":
				return nil, fmt.Errorf("benchmarks %q: a name is empty", value)
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

// OpenData opens a built-in data set by its name, and anything else as a Parquet file.
// The caller closes the file.
func OpenData(name string) (*datasets.File, results.Input, error) {
	if data, ok := benchmarks.Data(name); ok {
		f, err := datasets.OpenBytes(name, data)
		return f, results.Input{Builtin: name, SHA256: datasets.DigestBytes(data)}, err
	}
	f, err := datasets.Open(name)
	if err != nil {
		err = hint.List(err, name, benchmarks.Names(), "one data set is expected here: commas are part of a file's name")
		return nil, results.Input{}, HintNames(name, err)
	}
	digest, err := datasets.Digest(name)
	return f, results.Input{Path: name, SHA256: digest}, err
}

// HintNames adds hints to an error about a file, if name looks like a name rather than a
// path: the built-in names, and the one closest to a mistyped name.
func HintNames(name string, err error) error {
	if strings.ContainsAny(name, `./\`) {
		return err
	}
	err = hint.With(err, "built-in: "+strings.Join(benchmarks.Names(), ", ")+"; anything else is a Parquet file")
	return hint.DidYouMean(err, name, append(benchmarks.Names(), benchmarks.TrainingNames()...))
}

// ShortName returns the name that the data set gives itself, or else the file's name
// without its extension.
func ShortName(f *datasets.File) string {
	if name := f.Meta().Name; name != "" {
		return name
	}
	return strings.TrimSuffix(f.Name(), ".parquet")
}

// choosePair returns the given pair or, if it is empty, the file's own, and checks that the
// file has both models.
func choosePair(f *datasets.File, pair results.Pair) (results.Pair, error) {
	meta, models := f.Meta(), f.Models()
	if pair == (results.Pair{}) {
		pair = results.Pair{Strong: meta.Strong, Weak: meta.Weak}
	}
	if pair.Strong == "" || pair.Weak == "" {
		return pair, hint.With(fmt.Errorf("%s names no default pair of models", f.Name()),
			append([]string{"name one: --pair STRONG,WEAK"}, modelsHint(models)...)...)
	}
	return pair, checkModels(f.Name(), models, pair)
}

// checkModels returns an error if a data set that has the given models lacks one of the
// pair.
func checkModels(name string, models []string, pair results.Pair) error {
	for _, m := range []string{pair.Strong, pair.Weak} {
		if !slices.Contains(models, m) {
			return hint.DidYouMean(hint.With(fmt.Errorf("%s has no model %q", name, m), modelsHint(models)...), m, models)
		}
	}
	return nil
}

// modelsHint lists models as a hint; there is none for none.
func modelsHint(models []string) []string {
	if len(models) == 0 {
		return nil
	}
	return []string{"models: " + strings.Join(models, ", ")}
}

// NameOf returns a name for a data set: its file's name up to the first dot.
func NameOf(path string) string {
	name, _, _ := strings.Cut(filepath.Base(path), ".")
	return name
}
