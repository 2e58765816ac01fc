package transfer

import (
	"bufio"
	"compress/gzip"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/routers/encoder"
)

// Read reads the sets of a folder such as ../shared/data, with the built-in encoder's vectors.
func Read(dir string) ([]*Set, error) {
	c := collection{dir: dir, byName: map[string]*Set{}}
	for _, read := range []func() error{c.mmluPro, c.pareto, c.judge, c.gsm8k, c.mmlu} {
		if err := read(); err != nil {
			return nil, err
		}
	}
	return c.sets, c.encode()
}

// collection collects the sets.
type collection struct {
	dir    string
	sets   []*Set
	byName map[string]*Set
}

// set returns the set of a name, which it makes if there is none.
func (c *collection) set(name, kin string) *Set {
	if c.byName[name] == nil {
		c.byName[name] = &Set{Name: name, Kin: kin}
		c.sets = append(c.sets, c.byName[name])
	}
	return c.byName[name]
}

// encode finishes the sets and adds vectors to the prompts.
func (c *collection) encode() error {
	static, err := encoder.Static()
	if err != nil {
		return err
	}
	for _, s := range c.sets {
		if err := s.finish(); err != nil {
			return fmt.Errorf("%s: %w", s.Name, err)
		}
		for i := range s.Prompts {
			s.Prompts[i].Vector = make([]float32, static.Dim())
			static.EncodeTo(s.Prompts[i].Vector, s.Prompts[i].Text)
		}
	}
	return nil
}

// mmluPro reads questions of MMLU-Pro, one set per category. A prompt is the question and its
// options, one per line after a letter.
func (c *collection) mmluPro() error {
	type question struct {
		ID       int `json:"question_id"`
		Category string
		Question string
		Options  []string
		Scores   map[string]*float64
	}
	return eachLine(filepath.Join(c.dir, "train/mmlu_pro_outcomes.jsonl.gz"), func(_ int, q question) error {
		text := q.Question
		for i, option := range q.Options {
			text += "\n" + string(rune('A'+i)) + ". " + option
		}
		c.set("mmlu-pro/"+q.Category, "").add(strconv.Itoa(q.ID), text, known(q.Scores))
		return nil
	})
}

// pareto reads ParetoBandit's prompts, except for those of benchmarks on which routers are trained,
// one set per origin.
func (c *collection) pareto() error {
	type row struct {
		Prompt, Source string
		Arms           map[string]struct{ Reward *float64 }
	}
	return eachLine(filepath.Join(c.dir, "judge/paretobandit_val.jsonl.gz"), func(i int, r row) error {
		origin, _, _ := strings.Cut(r.Source, "/")
		if origin == "gsm8k" || origin == "mmlu" {
			return nil
		}
		quality := map[string]*float64{}
		for model, arm := range r.Arms {
			quality[model] = arm.Reward
		}
		c.set("pareto/"+origin, "").add(strconv.Itoa(i), r.Prompt, known(quality))
		return nil
	})
}

// judge reads GPT-4's grades of answers to prompts of the Arena.
func (c *collection) judge() error {
	type row struct {
		ID     string `json:"question_id"`
		Prompt string
		Scores map[string]*float64
	}
	return eachLine(filepath.Join(c.dir, "judge/arena_bench_v1.jsonl.gz"), func(_ int, r row) error {
		c.set("judge", "judge").add(r.ID, r.Prompt, known(r.Scores))
		return nil
	})
}

// gsm8k reads the answers of many models to GSM8K's questions, whose rows are those of the prompts.
func (c *collection) gsm8k() error {
	prompts, err := firstColumn(filepath.Join(c.dir, "routellm/gsm8k/gsm8k_responses.csv"))
	if err != nil {
		return err
	}
	return c.joined("outcomes/gsm8k_zeroeval.jsonl.gz", "gsm8k", func(string) ([]string, error) { return prompts, nil })
}

// mmlu reads the answers of five small models to MMLU's questions.
func (c *collection) mmlu() error {
	subjects := map[string][]string{}
	return c.joined("outcomes/mmlu_small5.jsonl.gz", "mmlu", func(task string) (prompts []string, err error) {
		if subjects[task] == nil {
			subjects[task], err = firstColumn(filepath.Join(c.dir, "routellm/mmlu/mmlu_"+task+".csv"))
		}
		return subjects[task], err
	})
}

// joined reads outcomes whose rows name a row among the prompts of their task. It checks each prompt
// against its digest.
func (c *collection) joined(file, name string, prompts func(task string) ([]string, error)) error {
	type row struct {
		Task   string
		Row    int
		SHA256 string `json:"prompt_sha256"`
		Scores map[string]*float64
	}
	path := filepath.Join(c.dir, file)
	return eachLine(path, func(_ int, r row) error {
		texts, err := prompts(r.Task)
		if err != nil {
			return err
		}
		if r.Row < 0 || r.Row >= len(texts) || datasets.SHA256Hex(texts[r.Row]) != r.SHA256 {
			return fmt.Errorf("%q: task %q, row %d: no prompt with the digest %.12s", path, r.Task, r.Row, r.SHA256)
		}
		c.set(name, name).add(fmt.Sprintf("%s/%d", r.Task, r.Row), texts[r.Row], known(r.Scores))
		return nil
	})
}

// known returns the qualities that were measured.
func known(all map[string]*float64) map[string]float64 {
	out := map[string]float64{}
	for _, model := range slices.Sorted(maps.Keys(all)) {
		if q := all[model]; q != nil && !math.IsNaN(*q) {
			out[model] = *q
		}
	}
	return out
}

// eachLine calls do with each row of compressed JSON lines and its number, from 0.
func eachLine[T any](path string, do func(i int, row T) error) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	zip, err := gzip.NewReader(bufio.NewReader(f))
	if err != nil {
		return fmt.Errorf("%q: %w", path, err)
	}
	rows := json.NewDecoder(zip)
	for i := 0; ; i++ {
		var row T
		if err := rows.Decode(&row); err == io.EOF {
			return nil
		} else if err != nil {
			return fmt.Errorf("%q: row %d: %w", path, i+1, err)
		}
		if err := do(i, row); err != nil {
			return err
		}
	}
}

// firstColumn returns the first column of a CSV file, without its header.
func firstColumn(path string) ([]string, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil || len(rows) == 0 {
		return nil, fmt.Errorf("%q: %w", path, err)
	}
	var out []string
	for _, r := range rows[1:] {
		out = append(out, r[0])
	}
	return out, nil
}
