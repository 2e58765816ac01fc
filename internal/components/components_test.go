package main

import (
	"bytes"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// limit is the largest number of files that may depend on each other in a circle.
const limit = 8

func TestFilesFormSmallComponents(t *testing.T) {
	packages, err := Load(filepath.Join("..", ".."), "./...")
	if err != nil {
		t.Fatal(err)
	}
	if len(packages) < 20 {
		t.Fatalf("%d packages loaded, want all of the module", len(packages))
	}
	for _, p := range packages {
		components := p.Components()
		if len(components) == 0 {
			continue // only tests
		}
		if largest := components[0]; len(largest) > limit {
			t.Errorf("%s: %d files depend on each other in a circle, at most %d may; go run ./internal/components %s shows why:\n%s",
				p.Path, len(largest), limit, p.Path, strings.Join(largest, " "))
		}
	}
}

// load writes the files to a module of their own and loads it.
func load(t *testing.T, files map[string]string) Package {
	t.Helper()
	dir := t.TempDir()
	files["go.mod"] = "module example\n\ngo 1.24\n"
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("GOFLAGS", "-mod=mod")
	packages, err := Load(dir, ".")
	if err != nil {
		t.Fatal(err)
	}
	if len(packages) != 1 {
		t.Fatalf("%d packages loaded, want 1", len(packages))
	}
	return packages[0]
}

func TestComponents(t *testing.T) {
	p := load(t, map[string]string{
		"a.go": "package example\n\ntype A struct{ Field int }\n\nfunc (A) Call() { b() }\n",
		"b.go": "package example\n\nfunc b() { c() }\n",
		"c.go": "package example\n\nfunc c() { d().Call() }\n", // uses a.go through a method only
		"d.go": "package example\n\nfunc d() (a A) { return }\n",
		"e.go": "package example\n\nfunc e() int { return d().Field }\n", // only uses others
		"f.go": "package example\n\ntype List[T any] []T\n\nfunc (l List[T]) Len() int { return g }\n",
		"g.go": "package example\n\nvar g = 1\n\nfunc h() int { return List[int]{}.Len() }\n",
	})
	want := [][]string{{"a.go", "b.go", "c.go", "d.go"}, {"f.go", "g.go"}, {"e.go"}}
	if got := p.Components(); !reflect.DeepEqual(got, want) {
		t.Errorf("got components %v, want %v", got, want)
	}
	if got := p.Uses["e.go"]; !reflect.DeepEqual(got, map[string][]string{"d.go": {"d"}}) {
		t.Errorf("e.go uses %v, want d of d.go only: a field is no top-level name", got)
	}
}

func TestWrite(t *testing.T) {
	p := load(t, map[string]string{
		"a.go": "package example\n\nfunc a() { b() }\n",
		"b.go": "package example\n\nfunc b() { a() }\n",
		"c.go": "package example\n\nfunc c() { a() }\n",
	})
	var out bytes.Buffer
	write(&out, []Package{p}, false)
	if want := "example: 2 files\n\ta.go uses b.go (b)\n\tb.go uses a.go (a)\n"; out.String() != want {
		t.Errorf("got %q, want %q", out.String(), want)
	}
}

func TestLoadReportsErrors(t *testing.T) {
	if _, err := Load(".", "./no-such-folder"); err == nil || !strings.Contains(err.Error(), "no-such-folder") {
		t.Errorf("got error %v, want one that names the folder", err)
	}
}
