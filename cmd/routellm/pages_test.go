package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/text"
)

// page is a page that people read, parsed.
type page struct {
	name   string // slash-separated, from the root of the repository
	source []byte
	root   ast.Node
}

// repository is the folder of the repository.
var repository = filepath.Join("..", "..")

// readPages parses all pages that match one of some patterns below the root of the repository.
func readPages(t *testing.T, patterns ...string) (pages []page) {
	t.Helper()
	parser := goldmark.New(goldmark.WithExtensions(extension.GFM)).Parser()
	for _, pattern := range patterns {
		found, err := filepath.Glob(filepath.Join(repository, filepath.FromSlash(pattern)))
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range found {
			source, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			name, err := filepath.Rel(repository, path)
			if err != nil {
				t.Fatal(err)
			}
			pages = append(pages, page{filepath.ToSlash(name), source, parser.Parse(text.NewReader(source))})
		}
	}
	return pages
}

// plain returns the text of a node as a reader sees it: links as their text, code as it is.
func (p page) plain(n ast.Node) string {
	return p.shown(n, func(code string) string { return code })
}

// shown returns the text of a node with each code span replaced by what code returns.
func (p page) shown(n ast.Node, code func(string) string) string {
	var b strings.Builder
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		switch c := c.(type) {
		case *ast.Text:
			b.Write(c.Segment.Value(p.source))
			if c.SoftLineBreak() || c.HardLineBreak() {
				b.WriteByte('\n')
			}
		case *ast.String:
			b.Write(c.Value)
		case *ast.CodeSpan:
			b.WriteString(code(p.shown(c, code)))
		case *ast.AutoLink:
			b.Write(c.Label(p.source))
		case *ast.Image, *ast.RawHTML:
		default:
			b.WriteString(p.shown(c, code))
		}
	}
	return b.String()
}

// walk visits the nodes of a page below n until visit returns false for one, whose children it leaves out.
func walk(n ast.Node, visit func(ast.Node) bool) {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if visit(c) {
			walk(c, visit)
		}
	}
}
