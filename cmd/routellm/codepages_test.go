package main

import (
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// pageInCode is a page that help, an error or a comment names, with its heading if it names one.
var pageInCode = regexp.MustCompile(`\b(docs/[a-z-]+\.md)(?:#([a-z0-9_-]+))?`)

// TestCodeNamesPagesThatExist fails where help, an error, a comment or a script names a page or a
// heading of docs/ that is not there.
func TestCodeNamesPagesThatExist(t *testing.T) {
	anchors := map[string][]string{}
	for _, p := range readPages(t, "docs/*.md") {
		anchors[p.name] = p.anchors()
	}
	named := 0
	err := filepath.WalkDir(repository, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !slices.Contains([]string{".go", ".py", ".sh", ".yaml", ".yml"}, filepath.Ext(path)) {
			return err
		}
		if strings.HasSuffix(path, "links_test.go") || strings.HasSuffix(path, "reading_test.go") {
			return nil // name pages as examples
		}
		for _, m := range pageInCode.FindAllStringSubmatch(read(t, path), -1) {
			named++
			headings, ok := anchors[m[1]]
			if !ok {
				t.Errorf("%s names %s, which is not there", path, m[1])
			} else if m[2] != "" && !slices.Contains(headings, m[2]) {
				t.Errorf("%s names %s, which has no heading #%s", path, m[1], m[2])
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if named < 50 {
		t.Errorf("%d names of pages found, want at least 50", named)
	}
}
