package datasets

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/num"
)

// The pair of models in RouteLLM's benchmarks.
const (
	strongModel = "gpt-4-1106-preview"
	weakModel   = "mistralai/Mixtral-8x7B-Instruct-v0.1"
)

const routellmSource = "github.com/lm-sys/RouteLLM 0b64fda"

// ImportRouteLLM reads RouteLLM's three benchmarks from a folder that holds
// routellm/{mmlu,gsm8k,mt-bench} and, optionally, outcomes of more models in
// outcomes/{gsm8k_zeroeval,mmlu_small5}.jsonl.gz. Rows are in the order of RouteLLM's evaluation.
// Contaminated samples are marked, not dropped. The tables hold their prompts; call
// [Table.DropPrompts] to write a table without text. progress, if non-nil, is called after each
// input file.
func ImportRouteLLM(from string, progress func(done, total int)) (mmlu, gsm8k, mtbench *Table, err error) {
	in := &routellmFolder{from: from, progress: progress}
	if mmlu, err = in.mmlu(); err == nil {
		if gsm8k, err = in.gsm8k(); err == nil {
			mtbench, err = in.mtbench()
		}
	}
	if errors.Is(err, fs.ErrNotExist) {
		err = hint.With(err, "give the folder that holds routellm/mmlu, routellm/gsm8k and routellm/mt-bench")
	}
	return mmlu, gsm8k, mtbench, err
}

type routellmFolder struct {
	from     string
	progress func(done, total int)
	done     int
}

// routellmFiles is the number of input files: MMLU's subjects, three lists of contaminated
// prompts, two files of outcomes, GSM8K's table, and MT Bench's questions and grades.
const routellmFiles = len(mmluSubjects) + 8

func (in *routellmFolder) path(parts ...string) string {
	return filepath.Join(append([]string{in.from}, parts...)...)
}

func (in *routellmFolder) fileDone() {
	in.done++
	if in.progress != nil {
		in.progress(in.done, routellmFiles)
	}
}

func routellmMeta(name, title, unit string, lo, hi float64, source string) Meta {
	return Meta{
		SchemaVersion: SchemaVersion, Name: name, Title: title, Unit: unit, Min: lo, Max: hi,
		Strong: strongModel, Weak: weakModel, Source: source, Licence: "Apache-2.0",
	}
}

func (in *routellmFolder) mmlu() (*Table, error) {
	t := &Table{Meta: routellmMeta("mmlu", "MMLU", "accuracy 0-1", 0, 1, routellmSource+"; lm-eval logs, wheresmyhair/routellm-distl")}
	for _, subject := range mmluSubjects {
		prefix := "mmlu/" + subject
		if err := in.answers(t, in.path("routellm", "mmlu", "mmlu_"+subject+".csv"), prefix, subject); err != nil {
			return nil, err
		}
	}
	if err := in.complete(t, "mmlu"); err != nil {
		return nil, err
	}
	t.shareClusters()
	return t, in.outcomes(t, "mmlu_small5.jsonl.gz", func(o outcome) string { return fmt.Sprintf("mmlu/%s/%04d", o.Task, o.Row) })
}

func (in *routellmFolder) gsm8k() (*Table, error) {
	t := &Table{Meta: routellmMeta("gsm8k", "GSM8K", "accuracy 0-1", 0, 1, routellmSource+"; WildEval/ZeroEval")}
	if err := in.answers(t, in.path("routellm", "gsm8k", "gsm8k_responses.csv"), "gsm8k", "gsm8k"); err != nil {
		return nil, err
	}
	if err := in.complete(t, "gsm8k"); err != nil {
		return nil, err
	}
	return t, in.outcomes(t, "gsm8k_zeroeval.jsonl.gz", func(o outcome) string { return fmt.Sprintf("gsm8k/%04d", o.Row) })
}

// answers appends a CSV table that holds each prompt and True or False for both models.
func (in *routellmFolder) answers(t *Table, path, prefix, task string) error {
	rec, err := readRecords(path, []string{"prompt", strongModel, weakModel})
	if err != nil {
		return err
	}
	if t.Quality == nil {
		t.Quality = []Column{{Name: strongModel}, {Name: weakModel}}
	}
	for i := range t.Quality {
		values, err := rec.numbers(t.Quality[i].Name)
		if err != nil {
			return err
		}
		t.Quality[i].Values = append(t.Quality[i].Values, values...)
	}
	t.Prompt = append(t.Prompt, rec.cells["prompt"]...)
	for i := range rec.rows {
		t.SampleID = append(t.SampleID, fmt.Sprintf("%s/%04d", prefix, i))
		t.Task = append(t.Task, task)
	}
	in.fileDone()
	return nil
}

// complete computes the columns that follow from the prompts and marks contaminated samples.
func (in *routellmFolder) complete(t *Table, folder string) error {
	t.FillFromPrompts()
	t.fillGaps(t.Rows())
	path := in.path("routellm", folder, "contaminated_prompts.jsonl")
	rec, err := readRecords(path, []string{"eval_prompt", "eval_idx"})
	if err != nil {
		return err
	}
	indexes, err := rec.numbers("eval_idx")
	if err != nil {
		return err
	}
	for i, prompt := range rec.cells["eval_prompt"] {
		at := int(indexes[i])
		if at < 0 || at >= t.Rows() || t.Prompt[at] != prompt {
			return cellError(path, i+1, "eval_idx", fmt.Sprint(at), "the index of the row with the prompt in \"eval_prompt\"")
		}
		for j := range t.Prompt {
			t.Contaminated[j] = t.Contaminated[j] || t.Prompt[j] == prompt
		}
	}
	in.fileDone()
	return nil
}

// outcome holds one row of outcomes/*.jsonl.gz: the results of more models on one prompt.
type outcome struct {
	Task         string             `json:"task"`
	Row          int                `json:"row"`
	PromptSHA256 string             `json:"prompt_sha256"`
	Scores       map[string]float64 `json:"scores"`
	OutputChars  map[string]float64 `json:"output_chars"`
}

// outcomes adds the columns of more models if the file exists. id returns the sample id of an
// outcome.
func (in *routellmFolder) outcomes(t *Table, file string, id func(outcome) string) error {
	path := in.path("outcomes", file)
	rows := map[string]int{}
	for i, s := range t.SampleID {
		rows[s] = i
	}
	quality, chars := map[string][]float64{}, map[string][]float64{}
	err := eachJSONLine(path, func(row int, line []byte) error {
		var o outcome
		if err := json.Unmarshal(line, &o); err != nil {
			return fmt.Errorf("%q: row %d: %w", path, row, err)
		}
		i, ok := rows[id(o)]
		if !ok || t.PromptSHA256[i] != o.PromptSHA256 {
			return cellError(path, row, colSHA256, quote(o.PromptSHA256), fmt.Sprintf("the digest of sample %q", id(o)))
		}
		scatter(quality, o.Scores, i, t.Rows(), "")
		scatter(chars, o.OutputChars, i, t.Rows(), "output_chars:")
		return nil
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	t.Quality = append(t.Quality, sortedByName(quality)...)
	t.Extras = append(t.Extras, sortedByName(chars)...)
	in.fileDone()
	return nil
}

// scatter stores the values of one row in their columns and adds the columns that are missing.
func scatter(columns map[string][]float64, values map[string]float64, row, rows int, prefix string) {
	for name, v := range values {
		if columns[prefix+name] == nil {
			columns[prefix+name] = num.NaNs(rows)
		}
		columns[prefix+name][row] = v
	}
}

// sortedByName returns the columns sorted by name.
func sortedByName(columns map[string][]float64) []Column {
	var out []Column
	for name, values := range columns {
		out = append(out, Column{Name: name, Values: values})
	}
	slices.SortFunc(out, func(a, b Column) int { return strings.Compare(a.Name, b.Name) })
	return out
}
