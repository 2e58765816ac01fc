package importers

import (
	"fmt"
	"os"
	"slices"

	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/text"
)

// detectFiles is the number of files of a folder that Detect looks into.
const detectFiles = 200

// Detect returns the tool whose files a path holds: a file, a folder or a glob. It reads the
// first bytes of at most 200 files. It returns false if there is no tool, or more than one.
func Detect(path string) (Tool, bool) {
	var found *Tool
	for _, file := range some(path) {
		p, err := look(file)
		if err != nil {
			continue
		}
		for _, t := range Tools() {
			if !t.owns(p) {
				continue
			}
			if found != nil && found.Name != t.Name {
				return Tool{}, false
			}
			found = &t
		}
	}
	if found == nil {
		return Tool{}, false
	}
	return *found, true
}

// DetectAll returns the one tool whose files the paths hold. Some of them may be of no tool, such as
// a list of questions, but not all. Of no tool or more than one, it returns an error.
func DetectAll(paths []string) (Tool, error) {
	var found []Tool
	for _, path := range paths {
		tool, ok := Detect(path)
		if ok && !slices.ContainsFunc(found, func(t Tool) bool { return t.Name == tool.Name }) {
			found = append(found, tool)
		}
	}
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		return Tool{}, hint.With(fmt.Errorf("%s: found no files of one evaluation tool", text.Sample(paths)), "tables of your own: routellm datasets import table",
			"name the tool if its files lie among those of another: routellm datasets import TOOL")
	}
	return Tool{}, fmt.Errorf("%s: found files of %s and %s, expected those of one tool", text.Sample(paths), found[0].Name, found[1].Name)
}

// some lists at most detectFiles of the files that a path stands for. What can be read only once,
// such as a pipe, is none.
func some(path string) []string {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		files, _, _ := expand(path)
		return files[:min(len(files), detectFiles)]
	case info.IsDir():
		files, _ := below(path, detectFiles)
		return files
	case info.Mode().IsRegular():
		return []string{path}
	}
	return nil
}
