package harness

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/routellm/routellm/benchmarks"
	"github.com/routellm/routellm/datasets"
)

// BenchmarkNames splits comma-separated lists and replaces "all" by the names of all
// built-in benchmarks. A file whose name has a comma is no list. An empty or repeated name
// is an error.
func BenchmarkNames(values []string) ([]string, error) {
	return dataNames(values, benchmarks.Names())
}

// PoolBenchmarkNames does what [BenchmarkNames] does for an evaluation among any number of models:
// "all" also stands for the built-in pools.
func PoolBenchmarkNames(values []string) ([]string, error) {
	return dataNames(values, benchmarks.EvalNames())
}

// dataNames splits comma-separated lists and replaces "all".
func dataNames(values, all []string) ([]string, error) {
	var out []string
	for _, value := range values {
		names := strings.Split(value, ",")
		if _, err := os.Stat(value); err == nil {
			names = []string{value}
		}
		for _, name := range names {
			switch {
			case name == "all":
				out = append(out, all...)
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

// ShortName returns the name that the data set gives itself, or else the file's name
// without its folder and extension.
func ShortName(f *datasets.File) string {
	if name := f.Meta().Name; name != "" {
		return name
	}
	return strings.TrimSuffix(filepath.Base(f.Name()), ".parquet")
}

// builtin opens a built-in data set.
func builtin(name string) (*datasets.File, error) {
	data, _ := benchmarks.Data(name)
	return datasets.OpenBytes(name, data)
}

// NameOf returns a name for a data set: the name of its file or folder up to the first dot, or
// what a pattern of files has in common.
func NameOf(path string) string {
	if path == stdinName {
		return "stdin"
	}
	name, _, _ := strings.Cut(filepath.Base(path), ".")
	if i := strings.IndexAny(name, "*?["); i >= 0 {
		name = strings.TrimRight(name[:i], "-_")
	}
	switch folder := filepath.Dir(path); {
	case name != "":
		return name
	case folder != path && folder != ".":
		return NameOf(folder)
	}
	return "data"
}
