package benchmarks

import (
	"bytes"
	"context"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/datasets/audit"
	"github.com/routellm/routellm/routers/encoder"
)

// shared returns a path in the folder of inputs beside the repository. It skips the test if
// there is none.
func shared(t *testing.T, elem ...string) string {
	t.Helper()
	root := filepath.Join("..", "..", "shared")
	if _, err := os.Stat(root); err != nil {
		t.Skip("skipped: no ../shared")
	}
	return filepath.Join(append([]string{root}, elem...)...)
}

// read opens a built-in data set and reads all its columns.
func read(t *testing.T, name string) (*datasets.File, *datasets.Table) {
	t.Helper()
	data, ok := Data(name)
	if !ok {
		t.Fatalf("no data set %q", name)
	}
	f, err := datasets.OpenBytes(name, data)
	if err != nil {
		t.Fatal(err)
	}
	table, err := f.Read(datasets.Select{Models: f.Models(), Digests: true, Features: true, Prompts: true, Extras: true})
	if err != nil {
		t.Fatal(err)
	}
	return f, table
}

// TestPublishedMeans compares the sizes and mean qualities with those that RouteLLM published.
func TestPublishedMeans(t *testing.T) {
	for _, want := range []struct {
		name         string
		rows, used   int
		strong, weak float64
	}{
		{"mmlu", 14042, 14037, 0.8058702, 0.6809147},
		{"gsm8k", 1319, 1307, 0.8576894, 0.6373374},
		{"mt-bench", 80, 72, 9.211806, 8.281250},
	} {
		f, table := read(t, want.name)
		means, used := [2]float64{}, 0
		for k, model := range []string{f.Meta().Strong, f.Meta().Weak} {
			quality, ok := table.QualityOf(model)
			if !ok {
				t.Fatalf("%s has no quality of model %q", want.name, model)
			}
			used = 0
			for i, q := range quality {
				if !table.Contaminated[i] {
					used++
					means[k] += q
				}
			}
			means[k] /= float64(used)
		}
		if f.Rows() != want.rows || used != want.used || math.Abs(means[0]-want.strong) > 5e-7 || math.Abs(means[1]-want.weak) > 5e-7 {
			t.Errorf("%s: %d rows, %d used, means %v; want %+v", want.name, f.Rows(), used, means, want)
		}
	}
}

// TestNoPrompts checks that the data sets hold no text of prompts, but digests, features and cues.
func TestNoPrompts(t *testing.T) {
	for _, name := range AllNames() {
		f, table := read(t, name)
		if f.HasColumn("prompt") || table.HasPrompt {
			t.Errorf("%s has prompts", name)
		}
		if len(table.PromptNormSHA256) != f.Rows() || len(table.Features) < 4 {
			t.Errorf("%s: %d digests and %d features for %d rows", name, len(table.PromptNormSHA256), len(table.Features), f.Rows())
		}
		if !f.HasCues() {
			t.Errorf("%s has no cues of this program", name)
		}
		if f.Meta().Licence == "" || f.Meta().Source == "" {
			t.Errorf("%s has no source or licence", name)
		}
	}
}

// TestFilesAreRebuilt builds every file from its sources and compares bytes.
func TestFilesAreRebuilt(t *testing.T) {
	mmlu, gsm8k, mtBench, err := datasets.ImportRouteLLM(shared(t, "data"), nil)
	if err != nil {
		t.Fatal(err)
	}
	arena, _, err := datasets.ImportBattles(t.Context(), []string{shared(t, "data", "train", "arena55k_battles.jsonl.gz")}, datasets.BattleOptions{
		ID: "id", Text: "raw", Name: Arena, Licence: "Apache-2.0", Source: "lmsys-arena-human-preference-55k",
	})
	if err != nil {
		t.Fatal(err)
	}
	judge, _, err := datasets.ImportTable(t.Context(), shared(t, "data", "judge", "arena_bench_v1.jsonl.gz"), datasets.Mapping{
		ID: "question_id", Prompt: "prompt", Nested: "scores", KeepPrompt: true,
		Name: Judge, Unit: "GPT-4 grade 1-10", Licence: "Apache-2.0", Min: 1, Max: 10, Source: "lmarena/arena-hard-auto 4a705dd",
	})
	if err != nil {
		t.Fatal(err)
	}
	pareto, _, err := datasets.ImportTable(t.Context(), shared(t, "data", "judge", "paretobandit_val.jsonl.gz"), datasets.Mapping{
		Prompt: "prompt", Task: "source", Nested: "arms", KeepPrompt: true,
		Name: Pareto, Unit: "judged reward 0-1", Min: 0, Max: 1, Licence: "Apache-2.0", Source: "ParetoBandit, validation split",
		Strong: "google/gemini-2.5-pro", Weak: "meta-llama/llama-3.1-8b-instruct",
	})
	if err != nil {
		t.Fatal(err)
	}
	for name, table := range map[string]*datasets.Table{"mmlu": mmlu, "gsm8k": gsm8k, "mt-bench": mtBench, Arena: arena, Judge: judge, Pareto: pareto} {
		addVectors(t, table)
		table.DropPrompts()
		want, _ := Data(name)
		same(t, name, table, want)
	}
	answers, err := datasets.ReadAnswers([]string{shared(t, "data", "routellm", "gsm8k", "gsm8k_responses.csv"),
		shared(t, "data", "routellm", "gsm8k", "test.jsonl")}, gsm8k)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "gsm8k-regraded", audit.Regraded(gsm8k, answers), gsm8kRegraded)
}

// same fails the test unless writing a table gives the wanted bytes.
func same(t *testing.T, name string, table *datasets.Table, want []byte) {
	t.Helper()
	var got bytes.Buffer
	if err := table.Write(&got); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got.Bytes(), want) {
		t.Errorf("%s: the rebuilt file has %d bytes and differs from the built-in one of %d bytes: run make data", name, got.Len(), len(want))
	}
}

// TestRegraded counts the published labels that do not follow from the stored answers.
func TestRegraded(t *testing.T) {
	f, table := read(t, "gsm8k")
	g, err := datasets.OpenBytes("gsm8k-regraded", gsm8kRegraded)
	if err != nil {
		t.Fatal(err)
	}
	regraded, err := g.Read(datasets.Select{AllModels: true})
	if err != nil || !slices.Equal(regraded.SampleID, table.SampleID) {
		t.Fatalf("the regraded samples are not those of gsm8k (error %v)", err)
	}
	if _, ok := Regraded("mmlu"); ok {
		t.Error("mmlu has regraded labels")
	}
	for model, want := range map[string]struct {
		up, down int
		mean     float64
	}{f.Meta().Strong: {42, 0, .8885519}, f.Meta().Weak: {6, 5, .6391205}} {
		published, _ := table.QualityOf(model)
		quality, _ := regraded.QualityOf(model)
		up, down, sum := 0, 0, 0.0
		for i, q := range quality {
			sum += q
			if q > published[i] {
				up++
			} else if q < published[i] {
				down++
			}
		}
		if mean := sum / float64(len(quality)); up != want.up || down != want.down || math.Abs(mean-want.mean) > 5e-7 {
			t.Errorf("%s: %d up, %d down, mean %v; want %+v", model, up, down, mean, want)
		}
	}
}

// addVectors adds the prompt vectors of the built-in encoder to a table.
func addVectors(t *testing.T, table *datasets.Table) {
	t.Helper()
	e, err := encoder.Static()
	if err != nil {
		t.Fatal(err)
	}
	vectors, err := e.EncodeQuantised(context.Background(), table.Prompt)
	if err != nil {
		t.Fatal(err)
	}
	table.SetEmbeddings(encoder.StaticName, encoder.StaticDigest, encoder.Scale, vectors)
}

// TestRepeatedPrompts checks that MMLU has 105 repeated prompts, and that repeats share a
// cluster.
func TestRepeatedPrompts(t *testing.T) {
	_, table := read(t, "mmlu")
	first := map[string]string{}
	repeats := 0
	for i, digest := range table.PromptSHA256 {
		cluster, again := first[digest]
		if !again {
			first[digest] = table.Cluster[i]
			continue
		}
		repeats++
		if table.Cluster[i] != cluster {
			t.Errorf("%s: cluster %q, want %q", table.SampleID[i], table.Cluster[i], cluster)
		}
	}
	if repeats != 105 {
		t.Errorf("%d repeated prompts, want 105", repeats)
	}
}

// TestScores checks the total size of the embedded scores, and that they belong to the prompts
// of their benchmarks.
func TestScores(t *testing.T) {
	size := 0
	for _, router := range []string{"bert", "causal_llm"} {
		files := Scores(router)
		if len(files) != len(Names()) {
			t.Errorf("%s has scores of %d benchmarks, want %d: run make scores", router, len(files), len(Names()))
		}
		for bench, data := range files {
			size += len(data)
			s, err := datasets.ReadScoreBytes(bench, data)
			if err != nil {
				t.Fatal(err)
			}
			_, table := read(t, bench)
			if !slices.Equal(s.IDs(), table.SampleID) || s.Meta.PromptsSHA256 != datasets.PromptsDigest(table.PromptSHA256) {
				t.Errorf("%s: the scores do not belong to the samples and prompts of %s", router, bench)
			}
		}
	}
	if size > 1<<20 {
		t.Errorf("%d bytes of embedded scores, want at most 1 MB", size)
	}
}
