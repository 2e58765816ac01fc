package benchmarks

import (
	"bufio"
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite the files in benchmarks/commercial")

// eachLine calls yield with each decoded line of a JSON Lines file.
func eachLine[T any](t *testing.T, path string, yield func(T)) {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(bytes.NewReader(raw))
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var row T
		if err := json.Unmarshal(lines.Bytes(), &row); err != nil {
			t.Fatal(err)
		}
		yield(row)
	}
}

// strongChoice maps the model that a router's answer names to a decision. Martian's answers
// name none.
var strongChoice = map[string]string{"gpt-4-turbo@openai": "strong", "mixtral-8x7b-instruct-v0.1@fireworks-ai": "weak"}

// rebuild returns a router's file, built from its answers and GPT-4's grades of them. A grade
// of -1 means that the judge gave none.
func rebuild(t *testing.T, router string) string {
	dir := shared(t, "data", "routellm", "mt-bench")
	grades := map[string]string{}
	eachLine(t, filepath.Join(dir, "gpt-4_single.jsonl"), func(g struct {
		Model string
		Score float64
		Turn  int
		ID    int `json:"question_id"`
	}) {
		if g.Model == router && g.Score != -1 {
			grades[fmt.Sprint(g.ID, "/", g.Turn)] = fmt.Sprint(g.Score)
		}
	})
	var b strings.Builder
	eachLine(t, filepath.Join(dir, router+".jsonl"), func(a struct {
		ID    int    `json:"question_id"`
		Model string `json:"model_id"`
	}) {
		choice := strongChoice[a.Model]
		if b.Len() == 0 {
			b.WriteString("sample_id," + map[bool]string{true: "decision,"}[choice != ""] + "quality_turn1,quality_turn2\n")
		}
		if choice != "" {
			choice += ","
		}
		fmt.Fprintf(&b, "mt-bench/%d,%s%s,%s\n", a.ID, choice, grades[fmt.Sprint(a.ID, "/", 1)], grades[fmt.Sprint(a.ID, "/", 2)])
	})
	return b.String()
}

// TestCommercialIsRebuilt builds the commercial routers' files from their answers and compares
// bytes.
func TestCommercialIsRebuilt(t *testing.T) {
	for _, router := range []string{"unify", "martian"} {
		want := rebuild(t, router)
		path := filepath.Join("commercial", router+".csv")
		if *update {
			if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		got, err := os.ReadFile(path)
		if err != nil || string(got) != want {
			t.Errorf("%s differs from the file built from the answers and grades (error %v): run the test with -update", path, err)
		}
	}
}

// TestCommercialGrades compares the mean grades and strong fractions with the published ones.
func TestCommercialGrades(t *testing.T) {
	all, err := CommercialRouters()
	if err != nil {
		t.Fatal(err)
	}
	_, table := read(t, "mt-bench")
	for _, c := range all {
		if len(c.SampleID) != table.Rows() || math.Abs(c.MeanGrade()-c.PublishedGrade) > 5e-7 {
			t.Errorf("%s: mean grade %.6f of %d questions, published %.6f of %d", c.Name, c.MeanGrade(), len(c.SampleID), c.PublishedGrade, table.Rows())
		}
		for i, id := range c.SampleID {
			if id != table.SampleID[i] || !(c.Grade(i) >= 1 && c.Grade(i) <= 10) {
				t.Errorf("%s: question %q, grade %v", c.Name, id, c.Grade(i))
			}
		}
	}
	if f := all[0].StrongFraction(); f != 0.5 || !math.IsNaN(all[1].StrongFraction()) {
		t.Errorf("strong fractions are %v for unify and %v for martian, want 0.5 and NaN", f, all[1].StrongFraction())
	}
}
