package cli

import (
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/routellm/routellm/benchmarks"
	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
)

// nightly reports whether the environment variable ROUTELLM_NIGHTLY is 1, which asks for the
// expensive tests too.
var nightly = os.Getenv("ROUTELLM_NIGHTLY") == "1"

// costly lists the commands of documents that take many seconds of CPU time. They run if
// nightly or with -update. Otherwise, the command line is only parsed, and the second one, if
// non-empty, runs in its place.
var costly = map[string]string{
	makeFigures: "", // the tests of package figures make all of them from small data
	// No output is shown. TestResultsTables checks the results of the first.
	"routellm eval --router " + resultRouters + " --bench all": "routellm eval --router " + resultRouters + " --bench mt-bench",
	"routellm eval --router all --bench all":                   "routellm eval --router all --bench mt-bench",
	// docs/your-own-router.md trains all routers. make test-whole does the same.
	fitOwn: "", serveOwn + " --check": "", serveOwn + " --log requests.jsonl &": "", askOwn: "", gradeOwn: "", logOwn: "",
	fitExample: "", // the next command of docs/fit.md does the same, faster
	// Compared with the output shown, except for MMLU.
	"routellm compare mf sw_ranking length --bench all": "routellm compare mf sw_ranking length --bench mt-bench,gsm8k",
}

// costlyExamples does the same for examples in help. Documents run most of them.
var costlyExamples = map[string]string{
	makeFigures + " --resamples 100":                                         "",
	"routellm train mf --data judge --gold gsm8k:300 --out mine.safetensors": "", // in README.md
	fitGraded: "", // in docs/fit.md
	"routellm fit --data graded.csv --quality 0.9 --out cheaper": "routellm fit --data graded.csv --quality 0.9 --candidates length --no-curve --resamples 200 --out cheaper",
	"routellm fit --data graded.csv --budget-usd 3 --out within": "routellm fit --data graded.csv --budget-usd 3 --candidates length --no-curve --resamples 200 --out within",
	"routellm audit mmlu gsm8k mt-bench":                         "routellm audit gsm8k mt-bench",
}

// ofOriginals lists the examples in help that read the benchmarks' originals. They are costly too.
var ofOriginals = []string{
	"routellm datasets import routellm --from originals --out data",
	"routellm datasets pull gsm8k --from originals",
	"routellm audit gsm8k --answers gsm8k_responses.csv --answers test.jsonl",
}

// linkOriginals puts links to the originals where the examples expect them.
func linkOriginals(t *testing.T) {
	t.Helper()
	data := filepath.Join(shared, "data")
	for name, file := range map[string]string{"originals": "", "gsm8k_responses.csv": "routellm/gsm8k/gsm8k_responses.csv", "test.jsonl": "routellm/gsm8k/test.jsonl"} {
		if err := os.Symlink(filepath.Join(data, file), name); err != nil {
			t.Fatal(err)
		}
	}
}

const (
	fitOwn   = "routellm fit --data graded.parquet --out router"
	serveOwn = "routellm serve --config router/serve.yaml --listen 127.0.0.1:40002 --prices prices.csv"
	askOwn   = "routellm answer --data fresh.jsonl --model routed=routellm@http://127.0.0.1:40002/v1 --free routed --out replies.parquet"
	gradeOwn = "routellm grade replies.parquet --gold answer --kind number --out replies-graded.parquet"
	logOwn   = "routellm log requests.jsonl --out traffic.parquet --graded replies-graded.parquet --promised router/router.json"
)

const (
	trainCascade = "routellm train cascade --data graded.parquet --pair big,small --out mine.safetensors" // needs answers: testdata/script/cascade.txtar
	fitGraded    = "routellm fit --data graded.csv --out router"
	fitExample   = "routellm fit --data examples/graded.csv --out router"
	makeFigures  = "routellm figures -o figures"
	pullGSM8K    = "routellm datasets pull gsm8k" // needs the network
	// askPaid needs the reader's key: it is only parsed. Documents ask models that are played.
	askPaid = "routellm answer --data prompts.jsonl --model big=gpt-4o --model small=llama@http://127.0.0.1:8080/v1 --max-tokens 512 --out answers.parquet"
)

// TestCostlyCommandsAreShown fails for a costly command that is in no document or help.
func TestCostlyCommandsAreShown(t *testing.T) {
	var shown strings.Builder
	for _, path := range documents {
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		shown.Write(raw)
	}
	for line := range costly {
		if !strings.Contains(shown.String(), "\n$ "+line+"\n") {
			t.Errorf("no document runs %q", line)
		}
	}
	all := examples(newRoot(cmdutil.Streams{Out: io.Discard, Err: io.Discard}))
	for line := range costlyExamples {
		if !slices.Contains(all, line) {
			t.Errorf("no help has the example %q", line)
		}
	}
	for _, line := range append([]string{askPaid, pullGSM8K}, ofOriginals...) {
		if !slices.Contains(all, line) {
			t.Errorf("no help has the example %q", line)
		}
	}
}

// inPlaceOf returns the command that runs in place of a costly one: the same one if the
// command is not costly or if all run, "" for none.
func inPlaceOf(t *testing.T, line string, costly map[string]string) string {
	t.Helper()
	cheap, ok := costly[line]
	if !ok || nightly || *update {
		return line
	}
	parse(t, line)
	return cheap
}

// parse fails unless a command line names a command, its flags and as many arguments as it
// takes.
func parse(t *testing.T, line string) {
	t.Helper()
	root := newRoot(cmdutil.Streams{Out: io.Discard, Err: io.Discard})
	c, args, err := root.Find(splitWords(strings.TrimSuffix(line, " &"))[1:])
	for _, check := range []func() error{
		func() error { return err },
		func() error { return c.ParseFlags(args) },
		func() error { return c.ValidateArgs(c.Flags().Args()) },
		c.ValidateRequiredFlags,
		c.ValidateFlagGroups,
	} {
		if err := check(); err != nil {
			t.Errorf("$ %s\n%v", line, err)
			return
		}
	}
}

// section matches the first line of a benchmark's part of an output, or of a warning about one.
var section = regexp.MustCompile(`(?m)^(MT Bench|MMLU|GSM8K|warning: [a-z0-9-]+): `)

// onlySections removes from an output the parts of those benchmarks that the other output
// does not have.
func onlySections(output, other string) string {
	starts := section.FindAllStringIndex(output, -1)
	if len(starts) == 0 {
		return output
	}
	kept := output[:starts[0][0]]
	for i, at := range starts {
		end := len(output)
		if i+1 < len(starts) {
			end = starts[i+1][0]
		}
		if strings.Contains(other, "\n"+output[at[0]:at[1]]) || strings.HasPrefix(other, output[at[0]:at[1]]) {
			kept += output[at[0]:end]
		}
	}
	return kept
}

func TestOnlySections(t *testing.T) {
	const output = "note\nMT Bench: 1\na\nMMLU: 2\nb\nGSM8K: 3\nc\n"
	for other, want := range map[string]string{
		"MT Bench: 1\na\nGSM8K: 3\n": "note\nMT Bench: 1\na\nGSM8K: 3\nc\n",
		"x\nMMLU: 5\n":               "note\nMMLU: 2\nb\n",
		output:                       output,
	} {
		if got := onlySections(output, other); got != want {
			t.Errorf("sections of %q: got %q, want %q", other, got, want)
		}
	}
	if got := onlySections("plain\n", output); got != "plain\n" {
		t.Errorf("got %q of an output without benchmarks, want all of it", got)
	}
}

// writeDecisions writes the file of figures that docs/figures.md reads.
func writeDecisions(t *testing.T) {
	t.Helper()
	all, err := benchmarks.CommercialRouters()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir("figures", 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join("figures", all[0].Name+".csv"), all[0].CSV, 0o644); err != nil {
		t.Fatal(err)
	}
}
