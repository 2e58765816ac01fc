package main

import (
	"fmt"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/yuin/goldmark/ast"
)

// linked are the pages whose links are checked.
var linked = []string{"*.md", "docs/*.md", "*/README.md", "*/*/README.md"}

// TestLinks fails for a link to a file, a picture or a heading that is not there, and for an address
// that is none. It asks no server.
func TestLinks(t *testing.T) {
	all := readPages(t, linked...)
	anchors := map[string][]string{}
	for _, p := range all {
		anchors[p.name] = p.anchors()
	}
	links := 0
	for _, p := range all {
		for _, to := range p.links() {
			links++
			if err := p.check(to, anchors); err != nil {
				t.Errorf("%s: link to %q: %v", p.name, to, err)
			}
		}
	}
	if links < 100 {
		t.Errorf("%d links found, want at least 100", links)
	}
}

// TestIndexReachesAllPages fails for a page in docs/ to which no links lead from docs/README.md.
func TestIndexReachesAllPages(t *testing.T) {
	const index = "docs/README.md"
	pages := map[string]page{}
	for _, p := range readPages(t, "docs/*.md") {
		pages[p.name] = p
	}
	if _, ok := pages[index]; !ok {
		t.Skipf("skipped: no %s", index)
	}
	next := []string{index}
	for len(next) > 0 {
		p, ok := pages[next[0]]
		next = next[1:]
		if !ok {
			continue // seen, or no page
		}
		delete(pages, p.name)
		for _, to := range p.links() {
			file, _, _ := strings.Cut(to, "#")
			next = append(next, path.Join(path.Dir(p.name), file))
		}
	}
	for name := range pages {
		t.Errorf("no links lead from %s to %s", index, name)
	}
}

// links returns the destinations of a page's links and pictures.
func (p page) links() (all []string) {
	walk(p.root, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.Link:
			all = append(all, string(n.Destination))
		case *ast.Image:
			all = append(all, string(n.Destination))
		case *ast.AutoLink:
			if n.AutoLinkType == ast.AutoLinkURL {
				all = append(all, string(n.URL(p.source)))
			}
		case *ast.HTMLBlock, *ast.RawHTML:
			for _, m := range attribute.FindAllStringSubmatch(p.html(n), -1) {
				all = append(all, m[1])
			}
		}
		return true
	})
	return all
}

var (
	attribute = regexp.MustCompile(`\b(?:href|src|srcset)="([^"]*)"`)
	named     = regexp.MustCompile(`\b(?:id|name)="([^"]*)"`)
)

// html returns the source of a piece of HTML.
func (p page) html(n ast.Node) string {
	var b strings.Builder
	if raw, ok := n.(*ast.RawHTML); ok {
		for i := range raw.Segments.Len() {
			at := raw.Segments.At(i)
			b.Write(at.Value(p.source))
		}
		return b.String()
	}
	for i := range n.Lines().Len() {
		at := n.Lines().At(i)
		b.Write(at.Value(p.source))
	}
	return b.String()
}

// anchors returns the names of places on a page that links can name, as GitHub makes them: those of
// headings, numbered from the second of a name on, and those given in HTML.
func (p page) anchors() (all []string) {
	seen := map[string]int{}
	walk(p.root, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.Heading:
			name := anchor(p.plain(n))
			if k := seen[name]; k > 0 {
				all = append(all, fmt.Sprintf("%s-%d", name, k))
			} else {
				all = append(all, name)
			}
			seen[name]++
			return true
		case *ast.HTMLBlock, *ast.RawHTML:
			for _, m := range named.FindAllStringSubmatch(p.html(n), -1) {
				all = append(all, m[1])
			}
		}
		return true
	})
	return all
}

// anchor returns GitHub's name for a heading.
func anchor(heading string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == ' ':
			return '-'
		case unicode.IsLetter(r), unicode.IsDigit(r), unicode.Is(unicode.Mn, r), r == '-', r == '_':
			return unicode.ToLower(r)
		}
		return -1
	}, strings.TrimSpace(heading))
}

// check returns an error if a link leads nowhere.
func (p page) check(to string, anchors map[string][]string) error {
	u, err := url.Parse(to)
	if err != nil {
		return err
	}
	switch {
	case u.Scheme == "mailto":
		return nil
	case u.Scheme != "":
		if u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || strings.ContainsAny(to, " <>{}") {
			return fmt.Errorf("want an address that begins with https://")
		}
		return nil
	case strings.HasPrefix(u.Path, "/"):
		return fmt.Errorf("want a path from the page's folder")
	}
	target := p.name
	if u.Path != "" {
		target = path.Join(path.Dir(p.name), u.Path)
		if _, err := os.Stat(filepath.Join(repository, filepath.FromSlash(target))); err != nil {
			return fmt.Errorf("no such file: %s", target)
		}
	}
	if u.Fragment != "" && strings.HasSuffix(target, ".md") && !slices.Contains(anchors[target], u.Fragment) {
		return fmt.Errorf("%s has no heading #%s", target, u.Fragment)
	}
	return nil
}

func TestAnchor(t *testing.T) {
	for heading, want := range map[string]string{
		"Scores and decisions in files": "scores-and-decisions-in-files",
		"mf@judge, and `--by task`":     "mfjudge-and---by-task",
		"A 95 % interval: what is it?":  "a-95--interval-what-is-it",
		"snake_case":                    "snake_case",
	} {
		if got := anchor(strings.ReplaceAll(heading, "`", "")); got != want {
			t.Errorf("anchor(%q) = %q, want %q", heading, got, want)
		}
	}
}
