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
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
)

// documents are the pages whose commands are run. Relative to this package.
var documents = pages("README.md", "docs/metrics.md", "docs/data.md", "docs/importers.md", "docs/results.md", "docs/own-router.md",
	"docs/compare.md", "docs/calibrate.md", "docs/audit.md", "docs/gate.md", "docs/figures.md", "docs/report.md", "docs/serve.md",
	"docs/serve-log.md", "docs/filter.md", "docs/sql.md", "docs/summaries.md", "docs/scale.md", "docs/pool.md", "docs/answer.md", "docs/grade.md", "docs/judge.md", "docs/fit.md", "docs/your-own-router.md")

func pages(names ...string) []string {
	for i, name := range names {
		names[i] = "../../../../" + name
	}
	return names
}

// userFiles are the files that examples take from the reader.
var userFiles = map[string]string{
	"outcomes.csv": `id,topic,question,big,small
a1,law,may a tenant sublet without asking,1,0
a2,law,who signs,1,1
a3,sums,add 17 and 25 and take away 4,1,0
a4,sums,add 2 and 2,1,1
a5,sums,what is the eleventh prime number,0,0
a6,law,name one duty of a landlord towards a tenant,1,0
`,
	"answers.jsonl": `{"id":"a1","question":"may a tenant sublet without asking","model":"gpt-4o","score":9}
{"id":"a1","question":"may a tenant sublet without asking","model":"llama","score":4}
{"id":"a2","question":"who signs","model":"gpt-4o","score":8}
{"id":"a2","question":"who signs","model":"llama","score":8}
{"id":"a3","question":"add 17 and 25 and take away 4","model":"gpt-4o","score":9}
{"id":"a3","question":"add 17 and 25 and take away 4","model":"llama","score":2}
`,
	"big.csv":   "id,question,correct\na1,may a tenant sublet without asking,1\na2,who signs,1\na3,add 17 and 25 and take away 4,1\na4,add 2 and 2,1\n",
	"small.csv": "id,question,correct\na4,add 2 and 2,1\na3,add 17 and 25 and take away 4,0\na2,who signs,1\na1,may a tenant sublet without asking,0\n",
	"battles.csv": `id,prompt,model_a,model_b,winner
v1,may a tenant sublet without asking,big,small,model_a
v2,who signs,small,big,tie
v3,add 17 and 25 and take away 4,small,big,model_b
v4,add 2 and 2,big,small,tie (bothbad)
`,
	"grades.csv": `prompt,model,grade
may a tenant sublet without asking,big,9
may a tenant sublet without asking,small,4
may a tenant sublet without asking,tiny,4
who signs,big,8
who signs,small,8
`,
	"epochs.csv": "id,question,model,score,cost\na1,who signs,big,1,0.02\na1,who signs,small,1,0.001\na1,who signs,small,0,0.003\n" +
		"a2,add 2 and 2,big,1,0.01\na2,add 2 and 2,small,1,0.001\n",
	"scores.csv":  "sample_id,score\na1,0.8\na2,0.1\na3,0.7\na4,0.2\na5,0.9\na6,0.6\n",
	"route.csv":   "sample_id,decision\na1,strong\na2,weak\na3,strong\na4,weak\na5,weak\na6,weak\n",
	"replies.csv": "sample_id,prompt,answer:big,answer:small\na1,add 2 and 2,4,The answer is 5.\na2,who signs a lease,Landlord and tenant.,\n",
	"answers.csv": `sample_id,reference,answer:big,answer:small
a1,,yes,no
a2,,the tenant,the tenant
a3,38,"17 + 25 = 42, and 42 - 4 = $38.00.",38 dollars.
a4,4,#### 4,4.
a5,31,The eleventh prime is 29.,
`,
	"code.jsonl": `{"id":"c1","prompt":"Write add(a, b).","test":"assert add(2, 3) == 5","answer:big":"def add(a, b): return a + b","answer:small":"def add(a, b): return a - b"}
{"id":"c2","prompt":"Write twice(a).","test":"assert twice(4) == 8","answer:big":"def twice(a): return 2 * a","answer:small":"twice = lambda a: a + a"}
`,
	"choices.csv": `sample_id,prompt,correct,answer:big,answer:small,quality:big,quality:small
q1,"Which of these floats? A. iron B. cork C. lead D. glass",B,"Cork is lighter than water, so the answer is B.",B,1,1
q2,"Which of these rusts? A. iron B. cork C. gold D. glass",A,**A. iron**,It is iron (A) or gold (C).,1,1
q3,"Which of these burns? A. iron B. cork C. gold D. glass",B,\boxed{B},The answer is (D).,0,0
q4,"Which of these is a metal? A. wood B. cork C. lead D. glass",C,"Not A, B or D. So C.",Option c,1,1
`,
	"policy.yaml": `rules:
  - mt-bench.mf.apgr >= 0.6
  - mt-bench.mf.cpt.50 <= 0.3
  - name: no router got worse
    check: delta.apgr.lo > -0.02
  - name: better than length by far
    check: mt-bench.length.apgr > 0.7
waivers:
  - rule: better than length by far
    on: mt-bench.length
    until: 2999-12-31
    reason: length knows nothing, this shows a waiver
`,
	"pool-policy.yaml": "rules:\n  - pareto.random.cost_for.95 <= 0.2\n  - pareto.random.usd_per_1k.hi <= 5\n  - delta.lift.lo > -0.01\n",
	"prompts.jsonl":    "{\"prompt\": \"who signs\"}\n{\"prompt\": \"add 2 and 2\"}\n",
	"traffic.jsonl":    "{\"text\": \"first\"}\n{\"text\": \"a second one\"}\n",
	"serve.yaml":       "router: mf\nthreshold: 0.3\nstrong: gpt-4o@https://api.openai.com/v1\nweak: llama@http://127.0.0.1:8080/v1\n",
	"graded.csv":       gradedFile(900),
	"scan.csv": "total,usable,score_null,score_not_finite,quality_null,quality_not_finite,lo,hi,distinct_values\n" +
		"12523,12523,0,0,0,0,0.15437392311335094,0.4116021719757578,11709\n",
	"summary.csv": `bin,score_min,score_max,n,strong,weak,gain2
1,0.15437392311335094,0.18558012777953478,285,124.0,109.0,89.0
2,0.18570205364349054,0.2168679092567585,629,301.0,283.0,220.0
3,0.21687956949558332,0.24812242310085317,3197,2748.0,2500.0,514.0
4,0.24815613879888893,0.2793651662321869,4896,4200.0,3658.0,922.0
5,0.27938377604271764,0.31052412512954863,1962,1562.0,1238.0,514.0
6,0.3106707743973289,0.34186581390658094,1363,1038.0,632.0,536.0
7,0.34191585160444443,0.3710146546604169,177,132.0,91.0,69.0
8,0.3734900060273618,0.39914529391639886,13,10.0,5.0,7.0
9,0.4116021719757578,0.4116021719757578,1,0.0,0.0,0.0
`,
	"token_prices.csv": "model,input,output\ngpt-4o,2.5,10\nllama,0.1,0.4\n",
}

// workFolder makes an empty folder with the files that examples use, beside
// the inputs that a checkout may have.
func workFolder(t *testing.T) string {
	root := t.TempDir()
	dir := filepath.Join(root, "work")
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for name, text := range userFiles {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := writeSummaries(dir); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "decisions.jsonl"), []byte(trafficLog(t)), 0o600); err != nil {
		t.Fatal(err)
	}
	if shared != "" {
		if err := os.Symlink(shared, filepath.Join(root, "shared")); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("XDG_CACHE_HOME", filepath.Join(root, "cache"))
	t.Chdir(dir)
	return dir
}

// runLine runs one command line of a document and returns what a terminal
// would show.
func runLine(t *testing.T, line string) string {
	t.Helper()
	if strings.ContainsAny(line, "<>|'") {
		return runShell(t, line)
	}
	args := splitWords(line)
	copySample(t, args)
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

// copySample puts a copy of the sample of a tool into the work folder, where an import of its
// files looks for it.
func copySample(t *testing.T, args []string) {
	t.Helper()
	if len(args) >= 5 && args[1] == "datasets" && args[2] == "import" {
		name := args[3]
		if name == "auto" {
			name = "inspect"
		}
		copyTool(t, name, args[4])
		return
	}
	for _, arg := range args {
		if name := toolFolders[arg]; name != "" {
			copyTool(t, name, arg)
		}
	}
}

// toolFolders are the folders of tools' files that examples take from the reader, by tool.
var toolFolders = map[string]string{"output/": "lm-eval"}

// copyTool copies the sample of a tool, if there is one, to a path in the work folder.
func copyTool(t *testing.T, name, path string) {
	t.Helper()
	path = filepath.Clean(path) // without the slash at its end, RemoveAll removes a link
	sample := filepath.Join(sources, "datasets", "importers", "testdata", name)
	if _, err := os.Stat(sample); err != nil || !filepath.IsLocal(path) {
		return
	}
	if err := errors.Join(os.RemoveAll(path), os.CopyFS(path, os.DirFS(sample))); err != nil {
		t.Fatal(err)
	}
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
// A command with nothing after it has only to succeed.
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
			savePrograms(t, string(raw))
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

// savePrograms writes the document's programs to the working folder, for commands that
// run them. Without Python the document is skipped.
func savePrograms(t *testing.T, text string) {
	t.Helper()
	found := program.FindAllStringSubmatch(text, -1)
	if _, err := exec.LookPath("python3"); err != nil && len(found) > 0 {
		if os.Getenv("ROUTELLM_REQUIRE_PYTHON") == "1" {
			t.Fatal("python3 is required")
		}
		t.Skip("skipped: no python3")
	}
	for _, m := range found {
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
	inBlock, commands := false, 0
	for i := 0; i < len(lines); i++ {
		line := lines[i]
		out.WriteString(line)
		if strings.HasPrefix(line, "```") {
			inBlock = !inBlock
		}
		command, ok := strings.CutPrefix(line, "$ ")
		if inBlock && line == "$ kill %1\n" {
			hosts.stop(t)
		}
		if !inBlock || !ok || !strings.Contains(command, "routellm ") || strings.HasPrefix(command, "go install") {
			continue
		}
		commands++
		if strings.Contains(command, "../shared") && shared == "" {
			t.Logf("skipped: no ../shared: %s", command)
			continue
		}
		shown := ""
		for i+1 < len(lines) && !strings.HasPrefix(lines[i+1], "```") && !strings.HasPrefix(lines[i+1], "$ ") {
			i++
			shown += lines[i]
		}
		out.WriteString(reprint(t, hosts, strings.TrimSpace(command), shown))
	}
	if commands == 0 {
		t.Error("the document has no commands")
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
	workFolder(t)
	root := newRoot(cmdutil.Streams{Out: io.Discard, Err: io.Discard})
	root.InitDefaultHelpCmd()
	eachCommand(root, func(c *cobra.Command) {
		if c.Example == "" {
			t.Errorf("%s has no example", c.CommandPath())
		}
	})
	all := examples(root)
	for _, line := range all {
		if strings.Contains(line, "../shared") && shared == "" {
			t.Logf("skipped: no ../shared: %s", line)
			continue
		}
		if line == askPaid || line == trainCascade {
			parse(t, line)
			continue
		}
		if inPlace := inPlaceOf(t, line, costlyExamples); inPlace != "" {
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

// TestReadmePicture draws the README's picture again.
func TestReadmePicture(t *testing.T) {
	path, err := filepath.Abs("../../../../docs/img/mmlu.svg")
	if err != nil {
		t.Fatal(err)
	}
	workFolder(t)
	runLine(t, "routellm eval --router random,length,mf,oracle --bench mmlu -o out")
	got, err := os.ReadFile(filepath.Join("out", "mmlu.svg"))
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if want, err := os.ReadFile(path); err != nil || !bytes.Equal(got, want) {
		t.Errorf("docs/img/mmlu.svg is not what eval draws (%v); -update rewrites it", err)
	}
}
