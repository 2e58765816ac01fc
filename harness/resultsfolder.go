package harness

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/routellm/routellm/benchmarks"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/text"
)

// The names of files in a folder that eval -o wrote.
const (
	ResultsName   = "results.json"
	TidyName      = "results.tidy.csv"  // results with one row per value
	SummariesName = "summaries.parquet" // sums per bin of scores, for plots and compare
)

// FindResults returns the path of the results that an argument names: the file itself, or results.json
// in a folder that eval -o wrote. The error about a folder without says what the folder has. A path that
// does not exist is returned as it is.
func FindResults(path string) (string, error) {
	info, err := os.Stat(path)
	if err != nil || !info.IsDir() {
		return path, nil
	}
	file := filepath.Join(path, ResultsName)
	head, err := headOf(file)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return "", hint.With(fmt.Errorf("%q: no %s in the folder, which has %s", path, ResultsName, contentOf(path)), resultsAdvice(path)...)
	case err != nil:
		return "", err
	case refuseDocument(file, head) == nil:
		return "", hint.With(fmt.Errorf("%q: not the results of this program", file), resultsAdvice(path)...)
	}
	return file, nil
}

// HoldsResults reports whether a path is a folder with results of this program.
func HoldsResults(path string) bool {
	found, err := FindResults(path)
	return err == nil && found != path
}

// HoldsData reports whether an argument names a data set rather than one of the documents that
// this program writes: a built-in one, standard input, a folder without results, a pattern of
// files, or a file that does not begin like such a document. It is false for a file that cannot be
// read.
func HoldsData(name string) bool {
	if _, builtin := benchmarks.Data(name); builtin || name == stdinName {
		return true
	}
	head, err := headOf(name)
	if err != nil {
		return isPattern(name)
	}
	if HoldsResults(name) {
		return false
	}
	return refuseDocument(name, head) == nil
}

// HintResults adds a hint to the error about a file of results that is a data set.
func HintResults(path string, err error) error {
	if err == nil || errors.Is(err, os.ErrNotExist) || !HoldsData(path) {
		return err
	}
	return hint.With(err, fmt.Sprintf("if %s is a data set, evaluate it first: routellm eval --bench %s -o DIR", path, path))
}

// resultsAdvice says how to get results, and which folder below may be meant.
func resultsAdvice(path string) []string {
	advice := []string{"routellm eval -o DIR writes " + ResultsName + "; name DIR, or the file"}
	below, _ := filepath.Glob(filepath.Join(path, "*", ResultsName)) // fails for a path with brackets, which is not worth an error
	if len(below) > 0 {
		advice = append(advice, "did you mean "+filepath.Dir(below[0])+"?")
	}
	return advice
}

// maxListed is the number of files that a message lists.
const maxListed = 5

// contentOf lists the first files and folders of a folder.
func contentOf(path string) string {
	entries, err := os.ReadDir(path)
	if err != nil || len(entries) == 0 {
		return "no files"
	}
	var names []string
	for _, e := range entries[:min(len(entries), maxListed)] {
		name := e.Name()
		if e.IsDir() {
			name += string(filepath.Separator)
		}
		names = append(names, name)
	}
	if more := len(entries) - len(names); more > 0 {
		names = append(names, text.Plural(more, "more file"))
	}
	return strings.Join(names, ", ")
}

// BesideResults lists the tables and logs in a folder of results that eval -o did not write, which could
// be meant by the folder's name as well.
func BesideResults(dir string) []string {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil
	}
	tables := []string{".csv", ".tsv", ".json", ".jsonl", ".ndjson", ".parquet", ".arrow", ".feather", ".xlsx", ".gz", ".zst"}
	own := []string{"results.csv", TidyName, ResultsName, "samples.parquet", SummariesName}
	var names []string
	for _, e := range entries {
		if slices.Contains(tables, filepath.Ext(e.Name())) && !slices.Contains(own, e.Name()) {
			names = append(names, e.Name())
		}
	}
	return names
}
