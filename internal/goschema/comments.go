package goschema

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strings"
)

// Comments returns the comments of the structs in the folders of packages, and of their fields, by
// "package.Type" and "package.Type.Field".
func Comments(dirs ...string) (map[string]string, error) {
	out := map[string]string{}
	for _, dir := range dirs {
		files, err := os.ReadDir(dir)
		if err != nil {
			return nil, err
		}
		for _, f := range files {
			if !strings.HasSuffix(f.Name(), ".go") || strings.HasSuffix(f.Name(), "_test.go") {
				continue
			}
			if err := addFile(out, filepath.Join(dir, f.Name())); err != nil {
				return nil, err
			}
		}
	}
	return out, nil
}

// addFile adds the comments of a file.
func addFile(to map[string]string, path string) error {
	parsed, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ParseComments)
	if err != nil {
		return err
	}
	for _, d := range parsed.Decls {
		if g, ok := d.(*ast.GenDecl); ok {
			addDeclared(to, parsed.Name.Name+".", g)
		}
	}
	return nil
}

// addDeclared adds the comments of declared structs.
func addDeclared(to map[string]string, prefix string, d *ast.GenDecl) {
	for _, s := range d.Specs {
		spec, ok := s.(*ast.TypeSpec)
		if !ok {
			continue
		}
		fields, ok := spec.Type.(*ast.StructType)
		if !ok {
			continue
		}
		name := prefix + spec.Name.Name
		to[name] = line(d.Doc)
		for _, f := range fields.Fields.List {
			for _, field := range f.Names {
				to[name+"."+field.Name] = strings.TrimSpace(line(f.Doc) + " " + line(f.Comment))
			}
		}
	}
}

// line returns a comment as one line.
func line(c *ast.CommentGroup) string { return strings.Join(strings.Fields(c.Text()), " ") }
