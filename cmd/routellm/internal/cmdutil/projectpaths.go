package cmdutil

import (
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"github.com/routellm/routellm/benchmarks"
	"github.com/routellm/routellm/routers/registry"
)

// fromFolder returns a value of a file of settings as the command line would have it: paths, which are
// relative to the file's folder, as seen from the working folder.
func fromFolder(file string, f *pflag.Flag, value string) string {
	switch placeholder, _ := pflag.UnquoteUsage(f); {
	case slices.Contains([]string{"bench", "data", "check", "drift"}, f.Name):
		return dataFromFolder(file, value)
	case f.Name == "router":
		return routerFromFolder(file, value)
	case f.Name == "outcomes" || f.Name == "summary" || f.Name == "refined":
		if label, path, ok := strings.Cut(value, "="); ok {
			return label + "=" + pathFromFolder(file, path)
		}
		return pathFromFolder(file, value)
	case placeholder == "FILE" || placeholder == "DIR":
		return pathFromFolder(file, value)
	}
	return value
}

// pathFromFolder returns a path that is relative to the folder of a file.
func pathFromFolder(file, path string) string {
	dir := filepath.Dir(file)
	if dir == "." || path == "" || filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(dir, path)
}

// dataFromFolder does what pathFromFolder does for a data set, which may have a name in place of a
// path.
func dataFromFolder(file, name string) string {
	if _, builtin := benchmarks.Data(name); builtin || slices.Contains([]string{"-", "all"}, name) {
		return name
	}
	return pathFromFolder(file, name)
}

// routerFromFolder does the same for [LABEL=]KIND:FILE.
func routerFromFolder(file, spec string) string {
	label, rest, labelled := strings.Cut(spec, "=")
	if !labelled || strings.ContainsAny(label, `:/\`) {
		label, rest = "", spec
	} else {
		label += "="
	}
	kind, path, ok := strings.Cut(rest, ":")
	hasFile := func(e registry.Entry) bool {
		return e.Name == kind+":" && slices.Contains([]string{"FILE", "DIR"}, e.Arg)
	}
	if !ok || !slices.ContainsFunc(registry.Entries(), hasFile) {
		return spec
	}
	return label + kind + ":" + pathFromFolder(file, path)
}

// ProjectPaths is the path of a file of settings. Its methods return what the file names as seen from
// the working folder.
type ProjectPaths string

// File returns a path.
func (p ProjectPaths) File(path string) string { return pathFromFolder(string(p), path) }

// Data returns a data set.
func (p ProjectPaths) Data(name string) string { return dataFromFolder(string(p), name) }

// Router returns a router, [LABEL=]NAME or [LABEL=]KIND:FILE.
func (p ProjectPaths) Router(spec string) string { return routerFromFolder(string(p), spec) }
