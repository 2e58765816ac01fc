package harness_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// parse parses a Go program.
func parse(t *testing.T, name, source string) *ast.File {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), name, source, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func read(t *testing.T, name string) string {
	t.Helper()
	raw, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// TestDocumentedExample holds the program in docs/go.md to [Example], which is run and whose
// output is checked, and its imports to the packages that it uses.
func TestDocumentedExample(t *testing.T) {
	found := regexp.MustCompile("(?s)```go\n(.*?)```\n\nIt prints `(.*?)`").FindStringSubmatch(read(t, "../docs/go.md"))
	if found == nil {
		t.Fatal("docs/go.md has no Go program followed by what it prints")
	}
	program, printed := found[1], found[2]
	_, example, _ := strings.Cut(read(t, "example_test.go"), "func Example() {\n")
	example, output, _ := strings.Cut(example, "\t// Output: ")
	if want := "func main() {\n" + example + "}\n"; !strings.HasSuffix(program, want) {
		t.Errorf("the program in docs/go.md ends in\n%s\nwant the body of Example:\n%s", program, want)
	}
	if want, _, _ := strings.Cut(output, "\n"); printed != want {
		t.Errorf("docs/go.md says that the program prints %q, want %q", printed, want)
	}
	var imported, used []string
	f := parse(t, "docs/go.md", program)
	for _, i := range f.Imports {
		path, err := strconv.Unquote(i.Path.Value)
		if err != nil {
			t.Fatal(err)
		}
		imported = append(imported, path[strings.LastIndex(path, "/")+1:])
	}
	ast.Inspect(f, func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectorExpr); ok {
			if x, ok := s.X.(*ast.Ident); ok && !slices.Contains([]string{"e", "mf"}, x.Name) && !slices.Contains(used, x.Name) {
				used = append(used, x.Name)
			}
		}
		return true
	})
	slices.Sort(imported)
	slices.Sort(used)
	if !slices.Equal(imported, used) {
		t.Errorf("the program in docs/go.md imports %q, want %q", imported, used)
	}
}

// TestDocumentedParts holds the parts of programs in docs/go.md to the examples that they name,
// which are run, and to what these print.
func TestDocumentedParts(t *testing.T) {
	page := read(t, "../docs/go.md")
	found := regexp.MustCompile("(?s)<!-- example: (\\S+) (\\w+) -->\n\n```go\n(.*?)```\n\nIt prints:\n\n```text\n(.*?)```").FindAllStringSubmatch(page, -1)
	if len(found) < 3 {
		t.Errorf("docs/go.md has %d examples, want at least 3", len(found))
	}
	for _, m := range found {
		file, name, code, printed := m[1], m[2], m[3], m[4]
		want := "func " + name + "() {\n" + prefix(code, "\t") + "\t// Output:"
		source := read(t, "../"+file)
		if !strings.Contains(source, want) {
			t.Errorf("docs/go.md shows another %s than %s:\n%s", name, file, code)
		}
		_, output, _ := strings.Cut(source, want)
		output = strings.TrimSpace(strings.ReplaceAll(strings.SplitN(output, "\n}\n", 2)[0], "\t// ", ""))
		if strings.TrimSpace(printed) != output {
			t.Errorf("docs/go.md says that %s prints %q, want %q", name, printed, output)
		}
	}
	for _, m := range regexp.MustCompile("(?s)```go\n(// .*?)```").FindAllStringSubmatch(page, -1) {
		if !strings.Contains(read(t, "example_test.go")+read(t, "../eval/example_test.go"), m[1]) {
			t.Errorf("docs/go.md shows declarations that no example has:\n%s", m[1])
		}
	}
}

// prefix puts a prefix before every line that is not empty.
func prefix(text, with string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		if line != "\n" {
			b.WriteString(with)
		}
		b.WriteString(line)
	}
	return b.String()
}
