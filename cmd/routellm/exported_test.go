package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// TestExportedAPINamesNoInternalType fails where a program that imports a package
// cannot name a type of its API. It reads the files of every build tag.
func TestExportedAPINamesNoInternalType(t *testing.T) {
	root := filepath.Join("..", "..")
	packages := map[string][]*ast.File{}
	fset := token.NewFileSet()
	err := filepath.WalkDir(root, func(file string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && slices.Contains([]string{"internal", "cmd", "testdata", ".git"}, d.Name()) {
			return filepath.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(file, ".go") || strings.HasSuffix(file, "_test.go") {
			return nil
		}
		f, err := parser.ParseFile(fset, file, nil, 0)
		packages[filepath.Dir(file)] = append(packages[filepath.Dir(file)], f)
		return err
	})
	if err != nil || len(packages) < 20 {
		t.Fatalf("%d packages read: %v", len(packages), err)
	}
	for dir, files := range packages {
		for _, found := range internalTypes(files) {
			t.Errorf("%s: exported %s", dir, found)
		}
	}
}

// TestInternalTypesFindsThem checks the check itself.
func TestInternalTypesFindsThem(t *testing.T) {
	const header = "package p\nimport \"example.org/internal/x\"\nimport y \"example.org/a/internal/z\"\nimport \"example.org/ok\"\n"
	for src, want := range map[string]bool{
		"func F(v x.T) {}":                             true,
		"func F() (*y.T, error) { return nil }":        true,
		"func F(v ok.T) { x.Do(v) }":                   false,
		"func f(v x.T) {}":                             false,
		"func F[T x.T](v T) {}":                        true,
		"type T struct { F []x.T }":                    true,
		"type T struct { f x.T }":                      false,
		"type T struct { *x.T }":                       true,
		"type T struct { u }; type u struct { F x.T }": true,
		"type T struct { u }; type u struct{}; func (u) M() x.T { panic(0) }": true,
		"type u struct { F x.T }":                          false,
		"type T = map[string]y.T":                          true,
		"type T func(x.T)":                                 true,
		"type T interface { M(x.T) }":                      true,
		"type T int; func (T) M(x.T) {}":                   true,
		"type T int; func (T) m(x.T) {}":                   false,
		"type T[K any] struct{}; func (t *T[K]) M(x.T) {}": true,
		"var V x.T":       true,
		"var V = x.New()": true,
		"var v = x.New()": false,
		"const C x.T = 1": true,
	} {
		f, err := parser.ParseFile(token.NewFileSet(), "p.go", header+src, 0)
		if err != nil {
			t.Fatal(err)
		}
		if got := internalTypes([]*ast.File{f}); (len(got) > 0) != want {
			t.Errorf("%s: found %q", src, got)
		}
	}
}

// api collects what the exported declarations of one package mention.
type api struct {
	internal map[string]bool // names under which the current file imports internal packages
	seen     map[string]bool // types of this package whose members are exported: see reach
	found    []string
}

// internalTypes describes each mention of an internal package in the exported
// declarations of a package. An exported variable without a type must not have a value
// that mentions one.
func internalTypes(files []*ast.File) []string {
	a := &api{seen: map[string]bool{}}
	types := map[string]ast.Expr{}
	for _, f := range files {
		for _, d := range f.Decls {
			if g, ok := d.(*ast.GenDecl); ok {
				for _, s := range g.Specs {
					if s, ok := s.(*ast.TypeSpec); ok {
						types[s.Name.Name] = s.Type
					}
				}
			}
		}
	}
	for name := range types {
		if ast.IsExported(name) {
			a.reach(name, types)
		}
	}
	for _, f := range files {
		a.internal = internalImports(f)
		for _, d := range f.Decls {
			a.decl(d)
		}
	}
	return a.found
}

// reach marks a type and the ones embedded in it, whose members belong to its API.
func (a *api) reach(name string, types map[string]ast.Expr) {
	if a.seen[name] || types[name] == nil {
		return
	}
	a.seen[name] = true
	if s, ok := types[name].(*ast.StructType); ok {
		for _, f := range s.Fields.List {
			if len(f.Names) == 0 {
				a.reach(baseName(f.Type), types)
			}
		}
	}
}

// internalImports returns the names of a file's imports from internal packages.
func internalImports(f *ast.File) map[string]bool {
	out := map[string]bool{}
	for _, spec := range f.Imports {
		p, _ := strconv.Unquote(spec.Path.Value)
		if !strings.Contains("/"+p+"/", "/internal/") {
			continue
		}
		name := path.Base(p)
		if spec.Name != nil {
			name = spec.Name.Name
		}
		out[name] = true
	}
	return out
}

func (a *api) decl(d ast.Decl) {
	switch d := d.(type) {
	case *ast.FuncDecl:
		if !d.Name.IsExported() || d.Recv != nil && !a.seen[baseName(d.Recv.List[0].Type)] {
			return
		}
		a.check("func "+d.Name.Name, d.Type)
	case *ast.GenDecl:
		for _, s := range d.Specs {
			switch s := s.(type) {
			case *ast.TypeSpec:
				if a.seen[s.Name.Name] {
					a.typeOf(s)
				}
			case *ast.ValueSpec:
				a.value(s)
			}
		}
	}
}

func (a *api) typeOf(s *ast.TypeSpec) {
	if s.TypeParams != nil {
		a.check("type "+s.Name.Name, s.TypeParams)
	}
	t, ok := s.Type.(*ast.StructType)
	if !ok {
		a.check("type "+s.Name.Name, s.Type)
		return
	}
	for _, f := range t.Fields.List {
		if len(f.Names) == 0 || slices.ContainsFunc(f.Names, (*ast.Ident).IsExported) {
			a.check("type "+s.Name.Name, f.Type)
		}
	}
}

func (a *api) value(s *ast.ValueSpec) {
	if !slices.ContainsFunc(s.Names, (*ast.Ident).IsExported) {
		return
	}
	if s.Type != nil {
		a.check("value "+s.Names[0].Name, s.Type)
		return
	}
	for _, v := range s.Values {
		a.check("value "+s.Names[0].Name, v)
	}
}

// check looks for a mention of an internal package below a node.
func (a *api) check(what string, n ast.Node) {
	ast.Inspect(n, func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectorExpr); ok {
			if x, ok := s.X.(*ast.Ident); ok && a.internal[x.Name] {
				a.found = append(a.found, fmt.Sprintf("%s mentions %s.%s, which is internal", what, x.Name, s.Sel.Name))
			}
		}
		return true
	})
}

// baseName returns the name of a receiver's or embedded field's type, without pointer
// and type parameters; "" for a type of another package.
func baseName(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.StarExpr:
		return baseName(e.X)
	case *ast.IndexExpr:
		return baseName(e.X)
	case *ast.IndexListExpr:
		return baseName(e.X)
	}
	return ""
}
