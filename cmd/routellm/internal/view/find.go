package view

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/internal/fault"
	"github.com/routellm/routellm/internal/hint"
)

const (
	maxDepth = 8    // levels of folders below a given one that are searched
	maxFound = 1000 // largest number of results that are listed
)

// found is a results file.
type found struct {
	key     string // short digest of its path, which addresses have
	path    string
	name    string // folder, relative to the given one
	changed time.Time
	size    int64
}

// state changes whenever the file does.
func (f found) state() string { return f.key + " " + f.changed.UTC().Format(time.RFC3339Nano) }

// find lists the results below folders, the newest first. A path may also be a results file. It skips
// folders whose names begin with a dot, and does not follow links. more reports that there are too many
// to list.
func find(paths []string) (out []found, more bool, err error) {
	for _, root := range paths {
		add := func(path string, info fs.FileInfo) {
			sum := sha256.Sum256([]byte(path))
			out = append(out, found{hex.EncodeToString(sum[:6]), path, nameOf(root, path), info.ModTime(), info.Size()})
		}
		info, err := os.Stat(root)
		if err != nil {
			return nil, false, hint.List(fmt.Errorf("%q: %w", root, fault.Cause(err)), root, nil, "separate folders by spaces, not commas")
		}
		if !info.IsDir() {
			add(root, info)
			continue
		}
		if real, err := filepath.EvalSymlinks(root); err == nil {
			root = real // WalkDir would not enter a link
		}
		err = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			switch {
			case err != nil && path == root:
				return err
			case err != nil: // a folder that may not be read has nothing to show
				return nil
			case d.IsDir() && path != root && (strings.HasPrefix(d.Name(), ".") || depth(root, path) > maxDepth):
				return filepath.SkipDir
			case d.Name() != harness.ResultsName || !d.Type().IsRegular():
				return nil
			case len(out) == maxFound:
				more = true
				return filepath.SkipAll
			}
			if info, err := d.Info(); err == nil { // else it has just gone
				add(path, info)
			}
			return nil
		})
		if err != nil {
			return nil, false, err
		}
	}
	slices.SortStableFunc(out, func(a, b found) int { return b.changed.Compare(a.changed) })
	return slices.CompactFunc(out, func(a, b found) bool { return a.path == b.path }), more, nil
}

// depth returns the number of folders between a root and a path below it.
func depth(root, path string) int {
	rel, err := filepath.Rel(root, path)
	if err != nil {
		return 0
	}
	return strings.Count(filepath.ToSlash(rel), "/") + 1
}

// nameOf names a results file: by its folder within the given one or, if it lies in that itself, by the
// given one.
func nameOf(root, path string) string {
	rel, err := filepath.Rel(root, filepath.Dir(path))
	if err != nil || rel == "." || path == root {
		return filepath.ToSlash(filepath.Dir(path))
	}
	return filepath.ToSlash(rel)
}
