package cli

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
)

// documents are the pages whose commands are run. Relative to this package.
var documents = pages("README.md", "docs/python.md", "docs/metrics.md", "docs/data.md", "docs/importers.md", "docs/results.md", "docs/own-router.md",
	"docs/compare.md", "docs/calibrate.md", "docs/audit.md", "docs/gate.md", "docs/figures.md", "docs/report.md", "docs/serve.md",
	"docs/serve-log.md", "docs/filter.md", "docs/sql.md", "docs/summaries.md", "docs/scale.md", "docs/pool.md", "docs/answer.md", "docs/grade.md", "docs/prices.md", "docs/judge.md", "docs/fit.md", "docs/your-own-router.md",
	"docs/install.md", "docs/config.md", "docs/formats.md", "docs/start.md", "docs/routers.md", "docs/evaluating.md", "docs/commands.md", "docs/faq.md", "docs/troubleshooting.md")

func pages(names ...string) []string {
	for i, name := range names {
		names[i] = "../../../../" + name
	}
	return names
}

// workFolder makes an empty folder with a copy of examples/, as a fresh clone has, and changes to it.
func workFolder(t *testing.T) string {
	return inFolder(t, "examples")
}

// inFolder makes an empty folder with a copy of examples/ in a folder of that name below it, or in
// itself for ".", and changes to it.
func inFolder(t *testing.T, name string) string {
	root := t.TempDir()
	dir := filepath.Join(root, "work")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(filepath.Join(dir, name), os.DirFS(filepath.Join(sources, "examples"))); err != nil {
		t.Fatal(err)
	}
	t.Setenv("XDG_CACHE_HOME", filepath.Join(root, "cache"))
	t.Chdir(dir)
	return dir
}

// copySample copies the sample of a tool to the path from which an example of help imports it.
func copySample(t *testing.T, line string) {
	t.Helper()
	args := splitWords(line)
	if len(args) < 5 || args[1] != "datasets" || args[2] != "import" {
		return
	}
	name, path := args[3], filepath.Clean(args[4]) // without the slash at its end, RemoveAll removes a link
	if name == "auto" {
		name = "inspect"
	}
	sample := filepath.Join(sources, "datasets", "importers", "testdata", name)
	if _, err := os.Stat(sample); err != nil || !filepath.IsLocal(path) {
		return
	}
	if err := errors.Join(os.RemoveAll(path), os.CopyFS(path, os.DirFS(sample))); err != nil {
		t.Fatal(err)
	}
}

// runLine runs one command line of a document and returns what a terminal
// would show.
func runLine(t *testing.T, line string) string {
	t.Helper()
	if strings.ContainsAny(line, "<>|'") {
		return runShell(t, line)
	}
	args := splitWords(line)
	if args[0] != "routellm" {
		t.Fatalf("%q: not a command of this program", line)
	}
	var out bytes.Buffer
	if code := Main(args[1:], &out, &out); code != cmdutil.ExitDone {
		t.Errorf("$ %s\nexits with %d:\n%s", line, code, out.String())
	}
	return out.String()
}

// runShell runs a command line with redirections, pipes or quotes, as a shell does.
func runShell(t *testing.T, line string) string {
	t.Helper()
	out, err := exec.Command("sh", "-c", line).CombinedOutput()
	if err != nil {
		t.Errorf("$ %s\n%v:\n%s", line, err, out)
	}
	return string(out)
}

// sources is the folder of the repository.
var sources = func() string {
	dir, err := filepath.Abs(filepath.Join("..", "..", "..", ".."))
	if err != nil {
		panic(err)
	}
	return dir
}()

// splitWords splits at spaces outside double quotes.
func splitWords(line string) []string {
	quoted := false
	words := strings.FieldsFunc(line, func(r rune) bool {
		if r == '"' {
			quoted = !quoted
		}
		return r == ' ' && !quoted
	})
	for i := range words {
		words[i] = strings.ReplaceAll(words[i], `"`, "")
	}
	return words
}

// TestDocumentCommands runs every "$ routellm" line of the documents and
// compares what follows it, up to the end of the block or the next command.
// A command with nothing after it has only to succeed. Those in blocks that begin
// with "```console fails" have to fail.
func TestDocumentCommands(t *testing.T) {
	for _, path := range documents {
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(filepath.Base(path), func(t *testing.T) {
			target, err := filepath.Abs(path)
			if err != nil {
				t.Fatal(err)
			}
			workFolder(t)
			checkPrograms(t, string(raw))
			saveTables(t, string(raw))
			got := rerun(t, string(raw))
			if got == string(raw) {
				return
			}
			if *update {
				if err := os.WriteFile(target, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			t.Errorf("%s shows other output than its commands print (go test -run Document -update rewrites it):\n%s", path, firstDifference(string(raw), got))
		})
	}
}

// program is a Python program in a document, after its name.
var program = regexp.MustCompile("(?s)`([a-z]+\\.py)`:\n\n```python\n(.*?)```")

// checkPrograms fails for a program in a document that differs from the one in examples/ that its
// commands run. Without Python the document is skipped.
func checkPrograms(t *testing.T, text string) {
	t.Helper()
	found := program.FindAllStringSubmatch(text, -1)
	if _, err := exec.LookPath("python3"); err != nil && len(found) > 0 {
		if os.Getenv("ROUTELLM_REQUIRE_PYTHON") == "1" {
			t.Fatal("python3 is required")
		}
		t.Skip("skipped: no python3")
	}
	for _, m := range found {
		if want, err := os.ReadFile(filepath.Join("examples", m[1])); err != nil || m[2] != string(want) {
			t.Errorf("the program %s is not what examples/ has (%v)", m[1], err)
		}
	}
}

// ownTable is a table in a document, after its name.
var ownTable = regexp.MustCompile("(?s)`([a-z]+\\.csv)`:\n\n```csv\n(.*?)```")

// saveTables writes the document's own tables to the working folder, for commands that read them.
func saveTables(t *testing.T, text string) {
	t.Helper()
	for _, m := range ownTable.FindAllStringSubmatch(text, -1) {
		if err := os.WriteFile(m[1], []byte(m[2]), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// rerun returns the document with the output of its commands as it is now.
func rerun(t *testing.T, text string) string {
	hosts := startHosts(t, text)
	var out strings.Builder
	lines := strings.SplitAfter(text, "\n")
	inBlock, fails, commands := false, false, 0
	for i := 0; i < len(lines); i++ {
		line := lines[i]
		out.WriteString(line)
		if strings.HasPrefix(line, "```") {
			inBlock, fails = !inBlock, line == "```console fails\n"
		}
		command, ok := strings.CutPrefix(line, "$ ")
		if inBlock && line == "$ kill %1\n" {
			hosts.stop(t)
		}
		if !inBlock || !ok || !strings.Contains(command, "routellm ") || strings.HasPrefix(command, "go install") {
			continue
		}
		commands++
		shown := ""
		for i+1 < len(lines) && !strings.HasPrefix(lines[i+1], "```") && !strings.HasPrefix(lines[i+1], "$ ") {
			i++
			shown += lines[i]
		}
		if fails {
			out.WriteString(failing(t, strings.TrimSpace(command)))
			continue
		}
		out.WriteString(reprint(t, hosts, strings.TrimSpace(command), shown))
	}
	if commands == 0 {
		t.Error("the document has no commands")
	}
	return out.String()
}

// failing returns what a command prints that has to fail, of a block that begins with
// "```console fails".
func failing(t *testing.T, command string) string {
	t.Helper()
	var out bytes.Buffer
	if code := Main(splitWords(command)[1:], &out, &out); code == cmdutil.ExitDone {
		t.Errorf("$ %s\nexits with 0, want an error:\n%s", command, out.String())
	}
	return out.String()
}

// reprint returns what a command prints, "" if the document shows nothing. In place of a costly
// command it runs a cheap one, and returns what is shown if that agrees.
func reprint(t *testing.T, hosts *docHosts, command, shown string) string {
	t.Helper()
	command = strings.Replace(command, "go run ./cmd/routellm", "routellm", 1)
	inPlace := inPlaceOf(t, command, costly)
	if inPlace == "" {
		if command == makeFigures {
			writeDecisions(t)
		}
		return shown
	}
	printed := hosts.run(t, inPlace)
	if shown == "" {
		return ""
	}
	if inPlace == command {
		return printed
	}
	if want := onlySections(shown, printed); printed != want {
		t.Errorf("$ %s\nprints something else than the document shows:\n%s", inPlace, firstDifference(want, printed))
	}
	return shown
}

func firstDifference(a, b string) string {
	x, y := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range min(len(x), len(y)) {
		if x[i] != y[i] {
			return fmt.Sprintf("line %d\n- %s\n+ %s", i+1, x[i], y[i])
		}
	}
	return fmt.Sprintf("%d lines, now %d", len(x), len(y))
}

// TestHelpExamples runs the examples of every command's help.
func TestHelpExamples(t *testing.T) {
	inFolder(t, ".") // readers of help give their own files these names
	root := newRoot(cmdutil.Streams{Out: io.Discard, Err: io.Discard})
	root.InitDefaultHelpCmd()
	eachCommand(root, func(c *cobra.Command) {
		if c.Example == "" {
			t.Errorf("%s has no example", c.CommandPath())
		}
	})
	all := examples(root)
	withOriginals := nightly && shared != ""
	if withOriginals {
		linkOriginals(t)
	}
	onlyParsed := []string{askPaid, trainCascade, pullGSM8K}
	for _, line := range all {
		if slices.Contains(onlyParsed, line) || strings.HasPrefix(line, "routellm view") || // view ends with a signal
			!withOriginals && slices.Contains(ofOriginals, line) {
			parse(t, line)
			continue
		}
		if inPlace := inPlaceOf(t, line, costlyExamples); inPlace != "" {
			copySample(t, inPlace)
			runLine(t, inPlace)
		}
	}
	if len(all) < 10 {
		t.Errorf("%d examples found, want at least 10", len(all))
	}
}

// eachCommand visits a command and those below it, except for cobra's own.
func eachCommand(c *cobra.Command, visit func(*cobra.Command)) {
	if c.Name() == "help" || c.Name() == "completion" {
		return
	}
	visit(c)
	for _, sub := range c.Commands() {
		eachCommand(sub, visit)
	}
}

// examples lists the command lines in the help of a command and of those below it.
func examples(root *cobra.Command) []string {
	var all []string
	eachCommand(root, func(c *cobra.Command) {
		for line := range strings.Lines(strings.TrimSpace(c.Example)) {
			all = append(all, strings.TrimSpace(line))
		}
	})
	return all
}
