package importers

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/routellm/routellm/datasets"
)

const cases = "../../../shared/cases"

// leftOut returns the counts of what an import left out, as text.
func leftOut(sum Summary) string {
	var out []string
	for _, l := range sum.LeftOut {
		out = append(out, strings.Repeat(l.What+" ", l.N))
	}
	return strings.Join(out, "")
}

func TestRouterBenchTraps(t *testing.T) {
	header := "sample_id,prompt,eval_name,acme/big,acme/big|total_cost\n"
	for table, want := range map[string]string{
		header + "a,['one'],quiz,good,1\n":                  `row 1, column "acme/big": found "good", expected a number`,
		header + "a,['one'],quiz,1,-1\n":                    `row 1, column "acme/big|total_cost": found "-1", expected a number of at least 0`,
		header + "a,['one'],quiz,1,yes\n":                   `row 1, column "acme/big|total_cost": found "yes", expected a number of at least 0`,
		header + "a,['one'],quiz,1,1\na,['two'],quiz,1,1\n": `row 2: the prompt of sample "a" differs`,
		header + "a,,quiz,1,1\n":                            `row 1, column "prompt": found an empty prompt`,
	} {
		dir := write(t, map[string]string{"w.csv": table})
		fails(t, "routerbench", dir, want, Options{})
		dir = write(t, map[string]string{"w.csv": table + "z,['fine'],quiz,1,1\n"})
		out, _, _, err := importAll("routerbench", []string{dir}, Options{Collect: datasets.CollectOptions{SkipBad: true}})
		if err != nil {
			t.Errorf("%s: %v", want, err)
		} else if row := answersOf(t, out)["z"]; row["quality:acme/big"] != "1" {
			t.Errorf("%s: %v", want, row)
		}
	}
	dir := write(t, map[string]string{"w.pkl": "\x80\x05\x95;\x00\x00\x00\x00\x00\x00\x00\x8c\x06pandas\x94\x8c\x09DataFrame"})
	fails(t, "routerbench", dir, `w.pkl": found a Python pickle, which only Python reads, expected CSV, Parquet or JSON Lines`, Options{})
}

func TestRouterBenchCase(t *testing.T) {
	dir := needShared(t, filepath.Join(cases, "06-routerbench-wide"))
	out, _, _, err := importAll("routerbench", []string{filepath.Join(dir, "wide.csv")}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	got := answersOf(t, out)
	row := got["made-up.val.0"]
	want := "Please answer with a letter.\nWhich number is larger in pair 0? It's easy.\nA) 3\nB) 9"
	if len(got) != 50 || row["prompt"] != want || row["cost_usd:mistralai/mixtral-8x7b-chat"] != "0.0006" || row["task"] != "made-up-b" {
		t.Errorf("%d rows, %v", len(got), row)
	}
	fails(t, "routerbench", filepath.Join(dir, "wide.pkl"), "found a Python pickle", Options{})
}

const arenaRow = `{"global_index": "Quiz_1", "prompt": "one", "prediction": "MODEL", "accuracy": 1, "cost": 0.5}` + "\n"

func arenaLine(model string) string { return strings.Replace(arenaRow, "MODEL", model, 1) }

func TestRouterArenaTraps(t *testing.T) {
	for table, want := range map[string]string{
		arenaLine("big") + arenaLine("small"):                            `row 2, column "prediction": found "small", expected "big", as another row decided for "Quiz_1"`,
		arenaLine(""):                                                    `row 1, column "prediction": found "", expected a row with an id and the name of a model`,
		strings.Replace(arenaLine("big"), "0.5", `"dear"`, 1):            `row 1, column "cost": found "dear", expected a number`,
		`{"global_index": "Quiz_1", "prediction": "big", "accuracy": 1}`: `row 1, column "prompt"`,
	} {
		fails(t, "routerarena", write(t, map[string]string{"p.jsonl": table}), want, Options{})
	}
	// A router's choices before any model answered.
	dir := write(t, map[string]string{"p.json": `[{"global index": "Quiz_1", "prompt": "one", "prediction": "big", "generated_result": null, "cost": null, "accuracy": null}]`})
	out, _, _, err := importAll("routerarena", []string{dir}, Options{})
	if err != nil || len(out.Decisions) != 1 || out.Answers.Rows() != 0 {
		t.Errorf("%v, %v", out, err)
	}
	// A price that is not known is no price of 0.
	for model, want := range map[string]float64{"big_batch": 0.004, "bigger": nan, "free": 0} {
		prices := arenaPrices{"big": {2, 4}, "free": {0, 0}}
		if got := prices.cost(model, 1000, 500); got != want && (got == got || want == want) {
			t.Errorf("%s costs %v, want %v", model, got, want)
		}
	}
}

func TestRouterArenaCase(t *testing.T) {
	dir := needShared(t, filepath.Join(cases, "17-routerarena-predictions"))
	for _, file := range []string{"my-router.json", "my-router.jsonl"} {
		out, _, _, err := importAll("routerarena", []string{filepath.Join(dir, file)}, Options{})
		if err != nil {
			t.Fatal(err)
		}
		got := answersOf(t, out)
		if row := got["MADE_0"]; len(got) != 60 || row["quality:gpt-4.1"] != "1" || row["cost_usd:gpt-4.1"] != "0.002" || row["input_tokens:small-3b"] != "50" {
			t.Errorf("%s: %d rows, %v", file, len(got), row)
		}
		if len(out.Decisions) != 60 || out.Decisions[1] != (Decision{"MADE_1", "gpt-4.1"}) {
			t.Errorf("%s: %v", file, out.Decisions)
		}
		csv, err := DecisionsCSV(out.Decisions)
		if err != nil || !strings.HasPrefix(string(csv), "sample_id,decision\nMADE_0,small-3b\nMADE_1,gpt-4.1\n") {
			t.Errorf("%s, %v", csv, err)
		}
	}
}

func TestLLMRouterBenchTraps(t *testing.T) {
	const run = `{"model_name": "big", "dataset_name": "quiz", "split": "test", "demo": DEMO, "records": [{"index": 1, "origin_query": QUERY, "prompt": "P", "score": SCORE}]}`
	file := func(demo, query, score string) string {
		return strings.NewReplacer("DEMO", demo, "QUERY", query, "SCORE", score).Replace(run)
	}
	for name, files := range map[string]map[string]string{
		"found only demo runs":                                   {"a-20260101_000000.json": file("true", `"q"`, "1")},
		`a second answer of model "big" to sample "quiz/1"`:      {"a.json": file("false", `"q"`, "1"), "b.json": file("false", `"q"`, "0")},
		`row 1, column "score": found "high", expected a number`: {"a.json": file("false", `"q"`, `"high"`)},
		"the file ends inside a JSON value":                      {"a.json": file("false", `"q"`, "1")[:150]},
	} {
		fails(t, "llmrouterbench", write(t, files), name, Options{})
	}
	dir := write(t, map[string]string{"a.json": file("false", `[{"role": "user", "content": "q"}]`, "0.5")})
	out, _, _, err := importAll("llmrouterbench", []string{dir}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if row := answersOf(t, out)["quiz/1"]; row["prompt"] != "q" || row["quality:big"] != "0.5" {
		t.Errorf("%v", row)
	}
	_, sum, notes, err := importAll("llmrouterbench", []string{"testdata/llmrouterbench"}, Options{})
	if err != nil || !strings.Contains(leftOut(sum), "demo run") || !strings.Contains(notes, "20260101_235959.json") {
		t.Errorf("%v, %q, %v", sum, notes, err)
	}
}

func TestLLMRouterCase(t *testing.T) {
	path := needShared(t, filepath.Join(cases, "26-llmrouter-long", "routing_data.jsonl"))
	fails(t, "llmrouter", path, `row 30: a second answer of model "llama-8b" to sample "9", after row 29`, Options{})
	out, _, _, err := importAll("llmrouter", []string{path}, Options{Collect: datasets.CollectOptions{Repeat: datasets.RepeatMean}})
	if err != nil {
		t.Fatal(err)
	}
	got := answersOf(t, out)
	if row := got["0"]; len(got) != 80 || row["task"] != "math" || row["cost_usd:qwen-72b"] != "0.002" || row["latency_s:llama-8b"] != "1.2" {
		t.Errorf("%d rows, %v", len(got), row)
	}
}

func TestAlpacaEvalTraps(t *testing.T) {
	const row = `{"instruction": "one", "generator_1": "REF", "generator_2": "big", "annotator": "JUDGE", "preference": P}`
	file := func(ref, judge, p string) string {
		return "[" + strings.NewReplacer("REF", ref, "JUDGE", judge, "P}", p+"}").Replace(row) + "]"
	}
	fails(t, "alpaca-eval", write(t, map[string]string{"a/annotations.json": file("r", "x", "1"), "b/annotations.json": file("r", "y", "2")}),
		"found several annotators, expected a choice: x, y", Options{})
	fails(t, "alpaca-eval", write(t, map[string]string{"a/annotations.json": file("r", "x", "1"), "b/annotations.json": file("s", "x", "2")}),
		"found annotations against several reference models, r, s, expected one", Options{Collect: datasets.CollectOptions{Repeat: datasets.RepeatMean}})
	for p, want := range map[string]string{"2.5": `found "2.5", expected a number from 1 to 2`, `"x"`: "expected a number", "-1": "expected a number from 1 to 2"} {
		fails(t, "alpaca-eval", write(t, map[string]string{"annotations.json": file("r", "x", p)}), want, Options{})
	}
	dir := write(t, map[string]string{"a/annotations.json": file("r", "x", "1"), "b/annotations.json": file("r", "y", "2")})
	out, sum, notes, err := importAll("alpaca-eval", []string{dir}, Options{Scorer: "y"})
	if err != nil || answersOf(t, out)["0000"]["quality:big"] != "1" || !strings.Contains(leftOut(sum), "other annotator") {
		t.Errorf("%v, %v", sum, err)
	}
	if !strings.Contains(notes, "the reference r, which has 0.5 by definition") {
		t.Errorf("notes %q", notes)
	}
	out, _, _, err = importAll("alpaca-eval", []string{"testdata/alpaca-eval"}, Options{Collect: datasets.CollectOptions{FailWrong: true}})
	if err != nil || answersOf(t, out)["0000"]["quality:small"] != "0" {
		t.Errorf("a failed annotation is not wrong: %v", err)
	}
}

func TestGPT4DatasetCase(t *testing.T) {
	dir := needShared(t, filepath.Join(cases, "10-hf-gpt4-dataset"))
	shards := []string{filepath.Join(dir, "train-00001-of-00002.parquet"), filepath.Join(dir, "train-00000-of-00002.parquet")}
	out, _, _, err := importAll("gpt4-dataset", shards, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if row := answersOf(t, out)["row/0000001"]; row["quality:"+gpt4Strong] != "5" || out.Answers.Rows() != 80 {
		t.Errorf("%d rows, %v", out.Answers.Rows(), row)
	}
}

func TestArena(t *testing.T) {
	t.Run("own", func(t *testing.T) { checkFolder(t, "arena", "testdata/arena", true, Options{}) })
	t.Run("55k", func(t *testing.T) {
		dir := needShared(t, filepath.Join(shared, "arena"))
		out, _, _, err := importAll("arena", []string{filepath.Join(dir, "55k.csv")}, Options{})
		if err != nil || len(out.Battles) != 3 {
			t.Fatal(out, err)
		}
		for i, want := range []string{"model_a", "tie", "tie"} {
			if b := out.Battles[i]; b.Winner != want || b.ModelA != "big" || strings.HasPrefix(b.Prompt, "[") {
				t.Errorf("%+v", b)
			}
		}
	})
	t.Run("140k", func(t *testing.T) {
		dir := needShared(t, filepath.Join(shared, "arena"))
		out, _, _, err := importAll("arena", []string{filepath.Join(dir, "140k.parquet")}, Options{})
		if err != nil {
			t.Fatal(err)
		}
		compare(t, "140k", rowsOf(t, out, "expected_battles.csv"), readCSV(t, filepath.Join(dir, "expected_battles.csv")), true)
	})
	t.Run("case", func(t *testing.T) {
		path := needShared(t, filepath.Join(cases, "08-arena140k-parquet", "human-preference.parquet"))
		out, _, _, err := importAll("arena", []string{path}, Options{})
		if err != nil || len(out.Battles) != 12 || out.Battles[3].Winner != "tie" {
			t.Errorf("%v, %v", out, err)
		}
	})
}

func TestArenaTraps(t *testing.T) {
	header := "id,model_a,model_b,prompt,response_a,response_b,winner_model_a,winner_model_b,winner_tie\n"
	good := `1,big,small,"[""one""]",a,b,1,0,0` + "\n"
	for line, want := range map[string]string{
		`2,big,big,"[""one""]",a,b,1,0,0`:         `row 2, column "model_b": found "big", expected another model`,
		`2,,big,"[""one""]",a,b,1,0,0`:            `expected the names of two models`,
		`2,big,small,"[null, ""two""]",a,b,1,0,0`: `row 2, column "prompt"`,
		`2,big,small,[],a,b,1,0,0`:                `row 2, column "prompt"`,
		`2,big,small,"[""one""]",a,b,1,1,0`:       `expected one winner, as winner_model_a is 1 too`,
		`2,big,small,"[""one""]",a,b,0,0,0`:       `expected 1 in one of winner_model_a, winner_model_b and winner_tie`,
		`1,big,small,"[""one""]",a,b,1,0,0`:       `row 2, column "id": found "1", expected a unique id`,
		`2,big,small,"[""one""]",a,b,maybe,0,0`:   `row 2, column "winner_model_a": found "maybe", expected a number`,
	} {
		dir := write(t, map[string]string{"v.csv": header + good + line + "\n"})
		fails(t, "arena", dir, want, Options{})
		out, sum, _, err := importAll("arena", []string{dir}, Options{Collect: datasets.CollectOptions{SkipBad: true}})
		if err != nil || len(out.Battles) != 1 || leftOut(sum) != "bad row " {
			t.Errorf("%s: %v, %v, %v", want, out, sum, err)
		}
	}
	dir := write(t, map[string]string{"v.jsonl": `{"question_id": "1", "model_a": "big", "model_b": "small", "winner": "nobody", "conversation_a": [{"role": "user", "content": "x"}]}`})
	fails(t, "arena", dir, `column "winner": found "nobody", expected model_a, model_b, tie or both_bad`, Options{})
}

func TestBattleTable(t *testing.T) {
	table, err := BattleTable([]Battle{{"b10", "one", "big", "small", "tie"}, {"b2", "two", "small", "big", "model_a"}, {"b3", "one", "big", "tiny", "model_b"}})
	if err != nil {
		t.Fatal(err)
	}
	if table.SampleID[0] != "b10" || table.ModelA[1] != "small" || table.ModelB[2] != "tiny" || table.Cluster[2] != "b10" || table.Quality != nil || table.Extras != nil {
		t.Errorf("%+v", table)
	}
	if err := table.Write(new(strings.Builder)); err != nil {
		t.Error(err)
	}
}
