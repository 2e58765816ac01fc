package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
)

// Package is one package's files and what they use of each other.
type Package struct {
	Path  string   // import path
	Files []string // base names of the Go files of this build, without tests, sorted

	// Uses lists the top-level names and methods of the second file that the first uses, sorted.
	Uses map[string]map[string][]string
}

// listed holds the fields of go list that Load reads.
type listed struct {
	ImportPath string
	Dir        string
	Export     string
	GoFiles    []string
	CgoFiles   []string
	DepOnly    bool
}

// Load type-checks the packages that match the go list patterns in the folder dir.
// Their imports come from export data, which go list builds or takes from the build cache.
func Load(dir string, patterns ...string) ([]Package, error) {
	found, err := list(dir, patterns)
	if err != nil {
		return nil, err
	}
	exports := map[string]string{}
	for _, l := range found {
		exports[l.ImportPath] = l.Export
	}
	files := token.NewFileSet()
	imports := importer.ForCompiler(files, "gc", func(path string) (io.ReadCloser, error) {
		if exports[path] == "" {
			return nil, fmt.Errorf("no export data for %q", path)
		}
		return os.Open(exports[path])
	})
	var packages []Package
	for _, l := range found {
		if l.DepOnly || len(l.CgoFiles) > 0 {
			continue
		}
		p, err := check(files, imports, l)
		if err != nil {
			return nil, err
		}
		packages = append(packages, p)
	}
	return packages, nil
}

// list runs go list for the packages and everything that they import.
func list(dir string, patterns []string) ([]listed, error) {
	args := append([]string{"list", "-deps", "-export", "-json=ImportPath,Dir,Export,GoFiles,CgoFiles,DepOnly", "--"}, patterns...)
	command := exec.Command("go", args...)
	command.Dir = dir
	var complaint bytes.Buffer
	command.Stderr = &complaint
	out, err := command.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w\n%s", err, complaint.Bytes())
	}
	var found []listed
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var l listed
		if err := d.Decode(&l); errors.Is(err, io.EOF) {
			return found, nil
		} else if err != nil {
			return nil, fmt.Errorf("go list: %w", err)
		}
		found = append(found, l)
	}
}

// check parses and type-checks one package and notes what its files use of each other.
func check(files *token.FileSet, imports types.Importer, l listed) (Package, error) {
	p := Package{Path: l.ImportPath, Files: slices.Sorted(slices.Values(l.GoFiles)), Uses: map[string]map[string][]string{}}
	var syntax []*ast.File
	for _, name := range p.Files {
		f, err := parser.ParseFile(files, filepath.Join(l.Dir, name), nil, parser.SkipObjectResolution)
		if err != nil {
			return p, err
		}
		syntax = append(syntax, f)
		p.Uses[name] = map[string][]string{}
	}
	info := &types.Info{Uses: map[*ast.Ident]types.Object{}}
	own, err := (&types.Config{Importer: imports}).Check(l.ImportPath, files, syntax, info)
	if err != nil {
		return p, err
	}
	for at, object := range info.Uses {
		if object.Pkg() != own || !topLevel(object) {
			continue
		}
		from, to := baseName(files, at.Pos()), baseName(files, object.Pos())
		if from != to && !slices.Contains(p.Uses[from][to], object.Name()) {
			p.Uses[from][to] = append(p.Uses[from][to], object.Name())
		}
	}
	for _, uses := range p.Uses {
		for _, names := range uses {
			slices.Sort(names)
		}
	}
	return p, nil
}

// topLevel reports whether an object is declared at top level, or is a method.
func topLevel(object types.Object) bool {
	if f, ok := object.(*types.Func); ok && f.Signature().Recv() != nil {
		return true
	}
	return object.Parent() == object.Pkg().Scope()
}

func baseName(files *token.FileSet, at token.Pos) string {
	return filepath.Base(files.Position(at).Filename)
}
