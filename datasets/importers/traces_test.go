package importers

import (
	"context"
	"path/filepath"
	"strings"
	"testing"

	"github.com/routellm/routellm/datasets"
)

// lines joins JSON objects to JSON Lines.
func lines(objects ...string) string { return strings.Join(objects, "\n") + "\n" }

const (
	fuseCall  = `{"id": "ID", "trace_id": "TRACE", "type": "GENERATION", "level": "DEFAULT", "provided_model_name": "MODEL", "input": "What is up?", "total_cost": 0.5, "start_time": "2026-01-01 00:00:00.000000", "end_time": "2026-01-01 00:00:02.000000"}`
	fuseGrade = `{"id": "s", "trace_id": "TRACE", "observation_id": "ID", "name": "NAME", "value": VALUE, "data_type": "NUMERIC", "string_value": null}`
)

func generation(id, trace, model string) string {
	return strings.NewReplacer("ID", id, "TRACE", trace, "MODEL", model).Replace(fuseCall)
}

func grade(id, trace, name, value string) string {
	return strings.NewReplacer("ID", id, "TRACE", trace, "NAME", name, "VALUE", value).Replace(fuseGrade)
}

func TestLangfuseTraps(t *testing.T) {
	both := func(observations, scores string) string {
		return write(t, map[string]string{"observations/0.jsonl": observations, "scores/0.jsonl": scores})
	}
	dir := both(lines(generation("a", "t", "big")), lines(grade("a", "t", "correct", "1"), grade("a", "t", "style", "0.5")))
	fails(t, "langfuse", dir, "found several scores, expected a choice: correct, style", Options{})
	for _, o := range []Options{{Score: "style"}, {Scorer: "style"}} {
		out, _, _, err := importAll("langfuse", []string{dir}, o)
		if err != nil {
			t.Fatal(err)
		}
		for id, row := range answersOf(t, out) { // no experiment: the prompt is the id
			if id != promptID("What is up?") || row["quality:big"] != "0.5" || row["latency_s:big"] != "2" {
				t.Errorf("%s: %v", id, row)
			}
		}
	}
	fails(t, "langfuse", write(t, map[string]string{"o.jsonl": generation("a", "t", "big")}), "without a file of scores", Options{})
	fails(t, "langfuse", both(lines(generation("a", "t", "big")), lines(grade("a", "t", "correct", `"high"`))), `row 1, column "value": found "high", expected a number`, Options{})

	// Grades of two reviewers, and an older state of a call.
	old := strings.Replace(generation("a", "t", "big"), `"total_cost": 0.5`, `"total_cost": 0.25, "updated_at": "2026-01-01"`, 1)
	now := strings.Replace(generation("a", "t", "big"), `"total_cost": 0.5`, `"total_cost": 0.5, "updated_at": "2026-01-02"`, 1)
	out, _, _, err := importAll("langfuse", []string{both(lines(now, old), lines(grade("a", "t", "correct", "1"), grade("a", "t", "correct", "0")))}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if row := answersOf(t, out)[promptID("What is up?")]; row["quality:big"] != "0.5" || row["cost_usd:big"] != "0.5" {
		t.Errorf("%v", row)
	}

	// A grade of a trace says nothing about one of its two models.
	_, sum, _, err := importAll("langfuse", []string{both(lines(generation("a", "t", "big"), generation("b", "t", "small"), generation("c", "u", "small")), lines(grade("", "t", "correct", "1"), grade("c", "u", "correct", "1")))}, Options{})
	if err != nil || leftOut(sum) != "several-model trace " {
		t.Errorf("%v, %v", sum, err)
	}
}

// TestLangfuseInterface reads the names of columns that Langfuse's interface exports.
func TestLangfuseInterface(t *testing.T) {
	dir := write(t, map[string]string{
		"o.json": `[{"id": "a", "traceId": "t", "type": "GENERATION", "model": "big", "input": {"messages": [{"role": "user", "content": "What is up?"}]}, "usageDetails": {"input": 5, "output": 2}, "calculatedTotalCost": 0.25, "startTime": "2026-01-01T00:00:00.000Z", "endTime": "2026-01-01T00:00:01.500Z"}]`,
		"s.json": `[{"id": "s", "traceId": "t", "observationId": null, "name": "correct", "value": 0, "dataType": "CATEGORICAL", "stringValue": "partially correct"}]`,
	})
	out, _, _, err := importAll("langfuse", []string{dir}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	row := answersOf(t, out)[promptID("What is up?")]
	if row["quality:big"] != "0.5" || row["latency_s:big"] != "1.5" || row["cost_usd:big"] != "0.25" || row["input_tokens:big"] != "5" {
		t.Errorf("%v", row)
	}
}

func TestLangsmithTraps(t *testing.T) {
	const run = `{"id": "ID", "run_type": "llm", "trace_id": "ID", "parent_run_id": null, "session_name": "mine", "reference_example_id": EXAMPLE, "inputs": INPUTS, "extra": EXTRA, "feedback_stats": STATS, "start_time": "2026-01-01T00:00:00", "end_time": "2026-01-01T00:00:01"}`
	make := func(id, example, inputs, extra, stats string) string {
		return strings.NewReplacer("ID", id, "EXAMPLE", example, "INPUTS", inputs, "EXTRA", extra, "STATS", stats).Replace(run)
	}
	asks, named := `{"question": "What is up?"}`, `{"metadata": {"ls_model_name": "big"}}`
	one := func(objects ...string) string { return write(t, map[string]string{"runs.jsonl": lines(objects...)}) }
	fails(t, "langsmith", one(make("a", `"e"`, asks, named, `{"correct": {"avg": 1}, "style": {"avg": 1}}`)), "found several feedback keys, expected a choice: correct, style", Options{})
	fails(t, "langsmith", one(make("a", `"e"`, asks, named, `null`)), "found runs without feedback_stats, expected grades", Options{})
	fails(t, "langsmith", one(make("a", `"e"`, `{"a": "x", "b": "y"}`, named, `{"correct": {"avg": 1}}`)), "row 1", Options{})
	out, sum, _, err := importAll("langsmith", []string{one(
		make("a", `"e"`, asks, `{}`, `{"correct": {"avg": 0.5}}`), // no model: the experiment stands for it
		make("b", `null`, `{"messages": [{"role": "user", "content": "Hello"}]}`, `{"invocation_params": {"model": "big"}}`, `"{\"correct\": {\"avg\": null, \"values\": {\"correct\": 3, \"wrong\": 1}}}"`),
		make("c", `null`, asks, named, `{}`),
		make("d", `"e2"`, asks, named, `{"style": {"avg": 1}}`))}, Options{Score: "correct"})
	if err != nil {
		t.Fatal(err)
	}
	got := answersOf(t, out)
	if got["e"]["quality:mine"] != "0.5" || got[promptID("Hello")]["quality:big"] != "0.75" || got["e2"]["quality:big"] != "" || len(got) != 3 {
		t.Errorf("%v", got)
	}
	if leftOut(sum) != "ungraded trace " {
		t.Errorf("%v", sum)
	}
	// A tree that calls two models has no model.
	child := strings.NewReplacer(`"id": "x"`, `"id": "x"`, `"trace_id": "x"`, `"trace_id": "a"`, `"parent_run_id": null`, `"parent_run_id": "a"`).Replace(make("x", "null", asks, `{"metadata": {"ls_model_name": "small"}}`, `{}`))
	_, sum, _, err = importAll("langsmith", []string{one(make("a", `"e"`, asks, named, `{"correct": {"avg": 1}}`), child, make("b", `"e"`, asks, named, `{"correct": {"avg": 1}}`))}, Options{})
	if err != nil || leftOut(sum) != "several-model trace " {
		t.Errorf("%v, %v", sum, err)
	}
}

func TestLiteLLMTraps(t *testing.T) {
	const call = `{"request_id": "ID", "call_type": "TYPE", "spend": SPEND, "prompt_tokens": 3, "completion_tokens": 4, "startTime": "2026-01-01T00:00:00Z", "endTime": "2026-01-01T00:00:02Z", "model": "acme/big", "cache_hit": "", "messages": MESSAGES}`
	make := func(id, kind, spend, messages string) string {
		return strings.NewReplacer("ID", id, "TYPE", kind, "SPEND", spend, "MESSAGES", messages).Replace(call)
	}
	says := `[{"role": "user", "content": "Hello"}]`
	log := "{\"data\": [" + strings.Join([]string{
		make("a", "completion", "0.5", says), make("a", "completion", "0.5", says), make("b", "aimage_generation", "0.5", says),
		make("c", "anthropic_messages", "null", `"[{\"role\": \"user\", \"content\": \"redacted-by-litellm\"}]"`),
		make("d", "acompletion", "0.5", `[{"role": "user", "content": "Long ... (litellm_truncated 99 chars)"}]`),
	}, ", ") + "], \"page\": 1}"
	out, sum, notes, err := importAll("litellm", []string{write(t, map[string]string{"logs.json": log})}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if leftOut(sum) != "repeated request other call messageless call " || len(out.Traffic) != 3 {
		t.Errorf("%v, %v", sum, out.Traffic)
	}
	for _, want := range []string{"spend logs have no grades", "LiteLLM stored 1 prompt cut"} {
		if !strings.Contains(notes, want) {
			t.Errorf("notes %q, want %q", notes, want)
		}
	}
	if p := out.Prices[0]; p.Model != "acme/big" || p.Requests != 3 || p.MeanCostUSD != 0.5 || p.LatencyP50S != 2 {
		t.Errorf("%+v", p) // the mean of the known costs
	}
	table, without, err := TrafficTable(out.Traffic)
	if err != nil || table.Rows() != 2 || without != 1 || table.Prompt[0] != "Hello" || table.Quality != nil {
		t.Errorf("%v, %d, %v", table, without, err)
	}
	if cost, ok := table.ExtraOf("cost_usd:acme/big"); !ok || cost[0] != 0.5 {
		t.Errorf("%v", table.Extras)
	}
	_, _, err = TrafficTable(out.Traffic[1:2])
	if err == nil || !strings.Contains(err.Error(), "found no prompts in the log") {
		t.Error(err)
	}
	fails(t, "litellm", write(t, map[string]string{"l.jsonl": make("a", "completion", `"yes"`, says)}), `row 1, column "spend": found "yes", expected a number`, Options{})
	_, _, notes, _ = importAll("litellm", []string{write(t, map[string]string{"l.jsonl": make("a", "completion", "1", "{}")})}, Options{})
	if !strings.Contains(notes, "stored no messages") {
		t.Errorf("notes %q", notes)
	}
}

// TestOpenRouterDays reads the sums per day that OpenRouter's interface answers with.
func TestOpenRouterDays(t *testing.T) {
	dir := write(t, map[string]string{"a.json": `{"data": [
		{"date": "2026-01-01", "model": "acme/big", "model_permaslug": "acme/big-1", "usage": 0.5, "byok_usage_inference": 0, "requests": 5, "prompt_tokens": 100, "completion_tokens": 50},
		{"date": "2026-01-02", "model": "acme/big", "model_permaslug": "acme/big-1", "usage": 0, "byok_usage_inference": 0.3, "requests": 3, "prompt_tokens": 60, "completion_tokens": 30}]}`})
	out, _, _, err := importAll("openrouter", []string{dir}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	csv, err := PricesCSV(out.Prices)
	if want := "model,requests,mean_cost_usd,mean_input_tokens,mean_output_tokens,latency_p50_s\nacme/big-1,8,0.1,20,10,\n"; err != nil || string(csv) != want {
		t.Errorf("%s, %v, want %s", csv, err, want)
	}
}

func TestOpenRouterCase(t *testing.T) {
	path := needShared(t, filepath.Join(cases, "13-openrouter-activity", "activity.csv"))
	out, _, _, err := importAll("openrouter", []string{path}, Options{})
	if err != nil || len(out.Prices) != 2 || out.Prices[0].Requests+out.Prices[1].Requests != 40 || out.Prices[0].LatencyP50S != 1.2 {
		t.Errorf("%v, %v", out, err)
	}
}

func TestReadPrices(t *testing.T) {
	files := write(t, map[string]string{
		"ok.csv":  "model,requests,mean_cost_usd,mean_input_tokens,mean_output_tokens,latency_p50_s\nbig,2,0.5,,,\nsmall,1,0.25,10,5,1.5\n",
		"own.csv": "model,mean_cost_usd\nbig,0.5\n", "twice.csv": "model,mean_cost_usd\nbig,1\nbig,2\n", "bad.csv": "model,mean_cost_usd\nbig,-1\n", "none.csv": "a,b\n1,2\n",
	})
	read := func(name string) ([]Price, error) {
		return ReadPrices(context.Background(), filepath.Join(files, name))
	}
	got, err := read("ok.csv")
	if err != nil || len(got) != 2 || got[0].Requests != 2 || got[0].MeanInputTokens == got[0].MeanInputTokens || got[1] != (Price{"small", 1, 0.25, 10, 5, 1.5}) {
		t.Errorf("%v, %v", got, err)
	}
	if got, err := read("own.csv"); err != nil || got[0].MeanCostUSD != 0.5 {
		t.Errorf("%v, %v", got, err)
	}
	for name, want := range map[string]string{"twice.csv": "row 2", "bad.csv": "number of at least 0", "none.csv": "the name of a model"} {
		if _, err := read(name); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", name, err, want)
		}
	}
}

// TestErrorsWrong counts answers that failed as wrong.
func TestErrorsWrong(t *testing.T) {
	for name, place := range map[string][2]string{"langfuse": {"i2", "quality:acme/small"}, "langsmith": {"ex1", "quality:acme/small"}, "routerarena": {"Quiz_2", "quality:small"}} {
		out, _, _, err := importAll(name, []string{filepath.Join("testdata", name)}, Options{Collect: datasets.CollectOptions{FailWrong: true}})
		if err != nil {
			t.Fatal(err)
		}
		if row := answersOf(t, out)[place[0]]; row[place[1]] != "0" {
			t.Errorf("%s: %v", name, row)
		}
	}
}
