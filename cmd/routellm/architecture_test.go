package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// goName is a Go name in backquotes, such as `eval.Curve` or `eval.Curve.APGR`.
var goName = regexp.MustCompile("`([a-z]+)\\.([A-Z][A-Za-z0-9]*)")

// TestDocumentedNames checks that every Go name in the pages for programmers exists, so that the
// pages follow a renaming.
func TestDocumentedNames(t *testing.T) {
	root := filepath.Join("..", "..")
	known := exportedNames(t, root)
	for page, least := range map[string]int{"architecture.md": 50, "go.md": 8, "pool.md": 0, "own-router.md": 5, "features.md": 4} {
		names := goName.FindAllStringSubmatch(read(t, filepath.Join(root, "docs", page)), -1)
		if len(names) < least {
			t.Errorf("docs/%s has %d Go names, want at least %d", page, len(names), least)
		}
		for _, m := range names {
			if name := m[1] + "." + m[2]; !known[name] {
				t.Errorf("docs/%s names %s, which no package has", page, name)
			}
		}
	}
}

// exportedNames returns the top-level names of all packages below root, as package.Name.
func exportedNames(t *testing.T, root string) map[string]bool {
	t.Helper()
	known := map[string]bool{}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		for _, decl := range f.Decls {
			for _, name := range declared(decl) {
				known[f.Name.Name+"."+name] = true
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return known
}

// declared returns the names that a declaration declares, without methods.
func declared(decl ast.Decl) []string {
	switch d := decl.(type) {
	case *ast.FuncDecl:
		if d.Recv == nil {
			return []string{d.Name.Name}
		}
	case *ast.GenDecl:
		var names []string
		for _, spec := range d.Specs {
			switch s := spec.(type) {
			case *ast.TypeSpec:
				names = append(names, s.Name.Name)
			case *ast.ValueSpec:
				for _, name := range s.Names {
					names = append(names, name.Name)
				}
			}
		}
		return names
	}
	return nil
}

func read(t *testing.T, path string) string {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}
