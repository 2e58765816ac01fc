package harness

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/routellm/routellm/benchmarks"
	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/internal/hint"
)

// TextPath returns the path of the file with a benchmark's downloaded prompts.
func TextPath(name string) (string, error) {
	dir, err := datasets.CacheDir()
	if err != nil {
		return "", err
	}
	return filepath.Join(dir, "text", name+".parquet"), nil
}

// HasText reports whether a built-in benchmark's prompts were downloaded.
func HasText(name string) bool {
	path, err := TextPath(name)
	if err != nil {
		return false
	}
	_, err = os.Stat(path)
	return !errors.Is(err, os.ErrNotExist)
}

// AttachText adds the downloaded prompts to the table of a built-in benchmark, and checks
// each against its digest.
func AttachText(name string, t *datasets.Table) error {
	if _, builtin := benchmarks.Data(name); !builtin {
		return hint.With(fmt.Errorf("%q: column %q is missing, but a router needs the text", name, "prompt"),
			"routellm datasets import table keeps the text")
	}
	if !slices.Contains(benchmarks.Names(), name) {
		return hint.With(fmt.Errorf("a router needs prompts, but the prompts of %q cannot be downloaded", name), "give a file with prompts: --data FILE")
	}
	pull := "routellm datasets pull " + name
	path, err := TextPath(name)
	if err != nil {
		return err
	}
	f, err := datasets.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		return hint.With(fmt.Errorf("a router needs the prompts of %q, which are not here", name), pull)
	}
	if err != nil {
		return hint.With(err, "pull it again: "+pull)
	}
	defer f.Close()
	text, err := f.Read(datasets.Select{Digests: true, Prompts: true})
	if err == nil {
		err = text.MatchText(t)
	}
	if err != nil {
		return hint.With(err, "pull it again: "+pull)
	}
	t.Prompt, t.HasPrompt = text.Prompt, true
	return nil
}

// CheckBenchmark returns an error if name is not the name of a built-in benchmark.
func CheckBenchmark(name string) error {
	if slices.Contains(benchmarks.Names(), name) {
		return nil
	}
	err := hint.With(fmt.Errorf("no built-in benchmark is called %q", name), "benchmarks: "+strings.Join(benchmarks.Names(), ", "))
	return hint.DidYouMean(err, name, benchmarks.Names())
}
