package datasets

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/routellm/routellm/internal/hint"
)

// importText imports files and returns the reading and, as CSV, the columns of the samples that
// say more than their digests.
func importText(m Mapping, paths ...string) (string, error) {
	var out bytes.Buffer
	w := NewCSVWriter(&out)
	m.KeepPrompt = true
	reading, err := ImportFiles(context.Background(), paths, m, w.Write)
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		return "", err
	}
	text := reading.String()
	for _, path := range paths {
		text = strings.ReplaceAll(text, filepath.Dir(path)+string(filepath.Separator), "")
	}
	return text + "\n" + withoutDigests(out.String()), nil
}

// withoutDigests leaves out the columns of a data set in CSV that follow from others.
func withoutDigests(text string) string {
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		return err.Error()
	}
	var keep []int
	for k, name := range rows[0] {
		empty := !slices.ContainsFunc(rows[1:], func(row []string) bool { return row[k] != "" })
		same := name == colCluster && !slices.ContainsFunc(rows[1:], func(row []string) bool { return row[k] != row[0] })
		if !strings.HasSuffix(name, "sha256") && !strings.HasPrefix(name, prefixFeature) && name != colContaminated && !(empty && name == colTask) && !same {
			keep = append(keep, k)
		}
	}
	var b strings.Builder
	for _, row := range rows {
		var cells []string
		for _, k := range keep {
			cells = append(cells, row[k])
		}
		b.WriteString(strings.Join(cells, ",") + "\n")
	}
	return b.String()
}

func TestImportForms(t *testing.T) {
	for name, c := range map[string]struct {
		m          Mapping
		file, text string
		want       string
	}{
		"wide by convention": {file: "t.csv", text: "id,question,topic,gpt-4o,llama,gpt-4o_cost,llama_latency_ms,gold_answer\nq1,why,x,1,0,0.5,1500,B\nq2,who,y,,true,0.25,,C\n",
			want: "reading t.csv: id = id, prompt = question, task = topic, models = gpt-4o, llama, cost_usd of 1 model, latency_s of 1 model\n" +
				"sample_id,task,prompt,quality:gpt-4o,quality:llama,cost_usd:gpt-4o,latency_s:llama\nq1,x,why,1,0,0.5,1.5\nq2,y,who,,1,0.25,\n"},
		"long by convention": {file: "t.csv", text: "index,query,task_name,model_name,performance,cost,prompt_tokens,error\n0,why,m,big,1,2,10,\n1,why,m,small,,1,11,timeout\n2,who,l,big,0,4,12,\n",
			want: "reading t.csv: prompt = query, task = task_name, model = model_name, quality = performance, cost = cost, input tokens = prompt_tokens\n" +
				"sample_id,task,prompt,quality:big,quality:small,cost_usd:big,cost_usd:small,input_tokens:big,input_tokens:small\nrow/0000001,m,why,1,,2,1,10,11\nrow/0000003,l,who,0,,4,,12,\n"},
		"long, ids within tasks": {file: "t.csv", text: "id,prompt,task,model,score\n1,why,a,m,1\n1,why,a,k,0\n1,who,b,m,0.5\n",
			want: "reading t.csv: id = id, prompt = prompt, task = task, model = model, quality = score\nsample_id,task,prompt,quality:k,quality:m\na/1,a,why,0,1\nb/1,b,who,,0.5\n"},
		"glob, name and alias": {m: Mapping{Models: []ModelColumn{{"", "org/*"}, {"big", "gpt"}}, Aliases: map[string]string{"org/b": "b"}},
			file: "t.csv", text: "prompt,org/a,org/a_response,org/b,gpt,year\nwhy,1,x,0,2,1999\n",
			want: "reading t.csv: prompt = prompt, models = org/a, b (org/b), big (gpt)\nsample_id,prompt,quality:org/a,quality:b,quality:big\nrow/0000001,why,1,0,2\n"},
		"rest and constant": {m: Mapping{FromRest: true, Constants: []ModelValue{{"gpt-4", 5}}}, file: "t.csv", text: "prompt,mixtral_score,source\nwhy,3,here\nwho,4,there\n",
			want: "reading t.csv: prompt = prompt, models = mixtral_score\nsample_id,prompt,quality:mixtral_score,quality:gpt-4\nrow/0000001,why,3,5\nrow/0000002,who,4,5\n"},
		"nested list": {m: Mapping{Nested: "completions", Quality: "overall"}, file: "t.jsonl",
			text: `{"instruction": "why", "completions": [{"model": "m", "score": 1, "overall": 4}, {"model": "k", "overall": 2, "cost": 0.5}]}` + "\n" + `{"instruction": "who", "completions": [{"model": "k", "overall": null}]}` + "\n",
			want: "reading t.jsonl: prompt = instruction, models in = completions\nsample_id,prompt,quality:k,quality:m,cost_usd:k\nrow/0000001,why,2,4,0.5\nrow/0000002,who,,,\n"},
		"nested object": {m: Mapping{Nested: "g"}, file: "t.jsonl", text: `{"prompt": "why", "g": {"m": 1, "k": {"score": 0.5, "latency": 2}}}` + "\n",
			want: "reading t.jsonl: prompt = prompt, models in = g\nsample_id,prompt,quality:k,quality:m,latency_s:k\nrow/0000001,why,0.5,1,2\n"},
		"prompts only": {file: "t.csv", text: "uid,text,tokens\na,why,4\nb,why,3\n",
			want: "reading t.csv: id = uid, prompt = text\nsample_id,cluster,prompt\na,a,why\nb,a,why\n"},
		"a data set in CSV": {file: "t.csv", text: "sample_id,task,prompt,feature:chars,quality:a/b,quality:c,cost_usd:a/b\n1,x,why,3,0.5,1,2\n",
			want: "reading t.csv: id = sample_id, prompt = prompt, task = task, models = a/b, c, cost_usd of 1 model\nsample_id,task,prompt,quality:a/b,quality:c,cost_usd:a/b\n1,x,why,0.5,1,2\n"},
		"repeated rows of a wide table": {m: Mapping{Repeat: RepeatMean, ID: "id"}, file: "t.csv", text: "id,prompt,epoch,a,b\nq2,why,1,1,0\nq2,why,2,0,\nq1,who,1,1,1\n",
			want: "reading t.csv: id = id, prompt = prompt, models = a, b\nsample_id,prompt,quality:a,quality:b\nq2,why,0.5,0\nq1,who,1,1\n"},
		"two prompts": {file: "t.csv", text: "prompt,question,a,b\nwhy,x,1,0\n",
			want: "reading t.csv: prompt = prompt, models = a, b; prompt is prompt, not question\nsample_id,prompt,quality:a,quality:b\nrow/0000001,why,1,0\n"},
		"lower is better": {m: Mapping{Max: 10, LowerIsBetter: true}, file: "t.csv", text: "prompt,a,b\nwhy,1,0\n",
			want: "reading t.csv: prompt = prompt, models = a, b\nsample_id,prompt,quality:a,quality:b\nrow/0000001,why,9,10\n"},
	} {
		got, err := importText(c.m, fileOf(t, c.file, c.text))
		if err != nil || got != c.want {
			t.Errorf("%s: %v\n%swant\n%s", name, err, got, c.want)
		}
	}
}

func TestImportRefuses(t *testing.T) {
	long := Mapping{Model: "model", Quality: "score"}
	for name, c := range map[string]struct {
		m    Mapping
		text string
		want string
		hint string
	}{
		"model as an object":     {long, `{"prompt": "why", "model": {"id": "m", "label": "x"}, "score": 1}`, `row 1, column "model": found "{\"id\": \"m\", \"label\": \"x\"}", expected a name, not an object or a list`, "model.id, model.label"},
		"a model twice":          {Mapping{Models: []ModelColumn{{"a", "x"}, {"a", "y"}}}, `{"prompt": "why", "x": 1, "y": 0}`, `model "a" has two columns, "x" and "y", expected one`, "NAME=COLUMN"},
		"repeated answer":        {long, `{"prompt": "why", "model": "m", "score": 1}` + "\n" + `{"prompt": "why", "model": "m", "score": 0}`, `row 2: a second answer of model "m" to sample with prompt "why", after row 1, expected one per model and sample`, "--repeat mean"},
		"repeated id":            {Mapping{ID: "id"}, `{"id": 1, "prompt": "why", "a": 1, "b": 0}` + "\n" + `{"id": 1, "prompt": "why", "a": 1, "b": 0}`, `row 2, column "id": found "1", already in row 1, expected a unique id`, "--repeat mean"},
		"object as a prompt":     {Mapping{}, `{"prompt": {"question": "why", "gold": "B"}, "a": 1, "b": 0}`, `row 1, column "prompt": found an object with the keys question, gold, expected a prompt`, "such as prompt.question"},
		"numbers as prompts":     {Mapping{Prompt: "tokens"}, `{"tokens": 12}`, `column "tokens": found only numbers, expected prompts`, "--prompt"},
		"nothing to use":         {Mapping{}, `{"cost": 1, "n": 3}`, `found no prompts and no qualities of models`, `"cost", "n"`},
		"wide and long flags":    {Mapping{Models: []ModelColumn{{"a", "a"}}, Model: "model"}, `{"a": 1, "model": "m"}`, `columns are named for one row per prompt and for one row per answer`, "--model-column"},
		"wide and long":          {Mapping{}, `{"prompt": "why", "model": "m", "bleu": 1, "f1": 0}` + "\n" + `{"prompt": "why", "model": "k", "bleu": 1, "f1": 0}`, `found a column of models, "model", and several columns of scores, "bleu", "f1"`, "--model-column model --quality bleu"},
		"many outside":           {Mapping{Max: 1, DropOutside: true, Models: []ModelColumn{{"a", "a"}}}, `{"prompt": "why", "a": 10}` + "\n" + `{"prompt": "who", "a": 1}`, `row 1, column "a": found 10, expected a quality from 0 to 1`, "--range 1,10"},
		"a word":                 {Mapping{Models: []ModelColumn{{"a", "a"}}}, `{"prompt": "why", "a": "great"}`, `row 1, column "a": found "great", expected a number, or an empty cell for not measured`, ""},
		"an infinite cost":       {Mapping{}, `{"prompt": "why", "quality:a": 1, "quality:b": 0, "cost_usd:b": 1}` + "\n" + `{"prompt": "who", "quality:a": 1, "quality:b": 0, "cost_usd:b": -Infinity}`, `row 2, column "cost_usd:b": found "-Infinity", expected a finite number, or an empty cell for not known`, ""},
		"infinitely many tokens": {long, `{"prompt": "why", "model": "m", "score": 1, "prompt_tokens": 3}` + "\n" + `{"prompt": "who", "model": "m", "score": 1, "prompt_tokens": "inf"}`, `row 2, column "prompt_tokens": found "inf", expected a finite number, or an empty cell for not known`, ""},
		"no such column":         {Mapping{Prompt: "promt"}, `{"prompt": "why"}`, `column "promt": missing`, "did you mean prompt?"},
		"nested without models":  {Mapping{Nested: "g"}, `{"prompt": "why", "g": [{"name": "m", "score": 1}]}`, `row 1, column "g[0]": found the fields "name", "score", expected one with the model`, "--model-column"},
		"nested text":            {Mapping{Nested: "g"}, `{"prompt": "why", "g": "m"}`, `row 1, column "g": found "m", expected an object such as`, ""},
	} {
		path := fileOf(t, "t.jsonl", c.text+"\n")
		_, err := importText(c.m, path)
		if err == nil || !strings.HasPrefix(err.Error(), fmt.Sprintf("%q: ", path)+c.want) && !strings.HasPrefix(err.Error(), c.want) || !strings.Contains(strings.Join(hint.Of(err), "\n"), c.hint) {
			t.Errorf("%s: %v, hints %q, want %s", name, err, hint.Of(err), c.want)
		}
	}
}

func TestImportSeveralFiles(t *testing.T) {
	big, small := fileOf(t, "big.csv", "id,prompt,big,x\nq1,why,1,0\nq2,who,0,1\n"), fileOf(t, "small.csv", "id,prompt,small,y\nq2,who,1,1\nq3,when,1,1\n")
	got, err := importText(Mapping{}, big, small)
	want := "reading big.csv, small.csv: id = id, prompt = prompt, models = big, x, small, y\n" +
		"sample_id,prompt,quality:big,quality:small,quality:x,quality:y\nq1,why,1,,0,\nq2,who,0,1,1,1\nq3,when,,1,,1\n"
	if err != nil || got != want {
		t.Errorf("%v\n%s", err, got)
	}
	parts := []string{fileOf(t, "1.csv", "prompt,a,b\nwhy,1,0\nwho,0,1\n"), fileOf(t, "2.csv", "prompt,a,b\nwhy,1,1\n")}
	got, err = importText(Mapping{}, parts...)
	want = "reading 1.csv, 2.csv: prompt = prompt, models = a, b\nsample_id,cluster,prompt,quality:a,quality:b\nrow/0000001,row/0000001,why,1,0\nrow/0000002,row/0000002,who,0,1\nrow/0000003,row/0000001,why,1,1\n"
	if err != nil || got != want {
		t.Errorf("%v\n%s", err, got)
	}
	other := fileOf(t, "small.csv", "id,prompt,small,y\nq2,when,1,1\n")
	if _, err := importText(Mapping{}, big, other); err == nil || !strings.Contains(err.Error(), `small.csv": row 1: the prompt of sample "q2" differs from that in "`) {
		t.Errorf("%v", err)
	}
}

func TestImportSkipsBadRows(t *testing.T) {
	path := fileOf(t, "t.jsonl", `{"prompt": "why", "a": 1, "b": 0}`+"\n"+`{"prompt": {"x": 1}, "a": 1, "b": 0}`+"\n"+`{"prompt": "who", "a": "great", "b": 0}`+"\n")
	var rows int
	m := Mapping{SkipBad: true, Models: []ModelColumn{{"a", "a"}, {"b", "b"}}}
	reading, err := Import(context.Background(), path, m, func(t *Table) error { rows += t.Rows(); return nil })
	if err != nil || rows != 1 || reading.Skipped.Rows != 2 {
		t.Errorf("%d rows, %v, %v", rows, reading.Skipped, err)
	}
}

// TestImportMelted checks that a wide table and the same as one row per answer, in any order, are
// the same data set.
func TestImportMelted(t *testing.T) {
	wide, long := "id,prompt,task,x,y,z,x_cost\n", []string{}
	for i := range 300 {
		cells := []string{fmt.Sprint("q", i), fmt.Sprint("prompt ", i%250), fmt.Sprint("t", i%3), fmt.Sprint(i % 2), fmt.Sprint(float64(i) / 300), "", fmt.Sprint(i)}
		if i%7 == 0 {
			cells[5] = "0.5"
		}
		wide += strings.Join(cells, ",") + "\n"
		for k, model := range []string{"x", "y", "z"} {
			row := append(slices.Clone(cells[:3]), model, cells[3+k], "")
			if k == 0 {
				row[5] = cells[6]
			}
			long = append(long, strings.Join(row, ",")+"\n")
		}
	}
	want, err := importText(Mapping{}, fileOf(t, "wide.csv", wide))
	if err != nil {
		t.Fatal(err)
	}
	_, want, _ = strings.Cut(want, "\n")
	for step, factor := range []int{1, 7, 11, 13, 49} { // prime to the number of rows
		shuffled := "id,prompt,task,model,score,cost\n"
		for k := range long {
			shuffled += long[(k*factor+step)%len(long)]
		}
		got, err := importText(Mapping{}, fileOf(t, "long.csv", shuffled))
		if _, got, _ = strings.Cut(got, "\n"); err != nil || got != want {
			t.Fatalf("step %d: %v\n%.300s\nwant\n%.300s", step, err, got, want)
		}
	}
}

func FuzzImport(f *testing.F) {
	f.Add("id,prompt,a,b\n1,why,1,0\n2,who,,1\n", false)
	f.Add("prompt,model,score\nwhy,a,1\nwhy,b,0\n", true)
	f.Add("question;gut;schlecht\nwarum;0,5;1\n", false)
	f.Fuzz(func(t *testing.T, text string, mean bool) {
		m := Mapping{KeepPrompt: true}
		if mean {
			m.Repeat = RepeatMean
		}
		path := filepath.Join(t.TempDir(), "t.csv")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		w := NewWriter(io.Discard)
		if _, err := Import(context.Background(), path, m, w.Write); err != nil {
			return
		}
		if err := w.Close(); err != nil {
			t.Errorf("what was imported cannot be written: %v", err)
		}
	})
}
