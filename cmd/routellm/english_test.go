package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Comments that read like notes to oneself. CONTRIBUTING.md says what to write instead.
var (
	notAVerb    = regexp.MustCompile(`^(\w+) (is|are|was|were) `)
	fragment    = regexp.MustCompile(`^(of|for|from|in|as|with|to|by|at|that|which|on|below|above|beside|under) `)
	unitPhrase  = regexp.MustCompile(`^in (units|USD|microseconds|seconds|milliseconds|megabytes|bytes|per cent|[\[(])`)
	oneAForEach = regexp.MustCompile(`\b(one|a|an) [a-z]+ a (sample|prompt|row|router|file|line|model|request|benchmark|task|pair|cluster|record|resample|question|column)\b`)
)

// TestPlainEnglish holds doc comments to a few rules that a program can check: a function's
// doc begins with a verb in the present tense, a field's comment is a phrase, and one is
// per another.
func TestPlainEnglish(t *testing.T) {
	root := filepath.Join("..", "..")
	functions := 0
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		set := token.NewFileSet()
		f, err := parser.ParseFile(set, path, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		at := func(pos token.Pos) token.Position { return set.Position(pos) }
		for _, c := range f.Comments {
			if m := oneAForEach.FindString(c.Text()); m != "" {
				t.Errorf("%v: %q: write \"per\"", at(c.Pos()), m)
			}
		}
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncDecl:
				functions++
				checkDoc(t, at(n.Pos()), n.Name.Name, n.Doc.Text())
			case *ast.StructType:
				for _, field := range n.Fields.List {
					checkField(t, at(field.Pos()), field.Doc.Text()+field.Comment.Text())
				}
			}
			return true
		})
		return nil
	})
	if err != nil || functions < 1000 {
		t.Fatalf("%d functions read: %v", functions, err)
	}
}

func checkDoc(t *testing.T, at token.Position, name, doc string) {
	t.Helper()
	if m := notAVerb.FindStringSubmatch(doc); m != nil && m[1] == name {
		t.Errorf("%v: %s: begin with a verb: returns, reads, reports whether, ...", at, strings.TrimSpace(m[0]))
	}
}

func checkField(t *testing.T, at token.Position, comment string) {
	t.Helper()
	if fragment.MatchString(comment) && !unitPhrase.MatchString(comment) {
		t.Errorf("%v: %q: write a phrase that names what the field holds", at, strings.TrimSpace(comment))
	}
}
