// Make writes the files of the folder examples/ anew. It runs at the root of the repository:
//
//	go run ./internal/examples/make
package main

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/routellm/routellm/internal/examples"
	"github.com/routellm/routellm/internal/outfile"
)

func main() {
	if err := run("."); err != nil {
		fmt.Fprintln(os.Stderr, "make:", err)
		os.Exit(1)
	}
}

func run(root string) error {
	files, err := examples.Files(root)
	if err != nil {
		return err
	}
	all := make([]outfile.File, 0, len(files))
	for _, name := range slices.Sorted(maps.Keys(files)) {
		path := filepath.Join(root, "examples", filepath.FromSlash(name))
		if err := outfile.MkdirAll(filepath.Dir(path)); err != nil {
			return err
		}
		all = append(all, outfile.File{Path: path, Data: files[name]})
	}
	return outfile.WriteAll(all)
}
