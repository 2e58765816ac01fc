package datasets

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func answersFile(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// texts returns the answers, with "-" for those that are not stored.
func texts(values []*string) []string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = "-"
		if v != nil {
			out[i] = *v
		}
	}
	return out
}

func TestReadAnswers(t *testing.T) {
	table := &Table{SampleID: []string{"a", "b", "c"}, Prompt: []string{"what is one", "what is two", "what is one"}}
	table.FillFromPrompts()
	models := answersFile(t, "models.csv", "prompt,big_response,small_response,big\nwhat is two,two!,,True\nwhat is one,one,1,False\n")
	references := answersFile(t, "right.jsonl", `{"question": "what is one", "answer": "#### 1"}`+"\n")
	a, err := ReadAnswers([]string{models, references}, table)
	if err != nil {
		t.Fatal(err)
	}
	if got := texts(a.Reference); !slices.Equal(got, []string{"#### 1", "-", "#### 1"}) {
		t.Errorf("references %q", got)
	}
	if len(a.Models) != 2 || a.Models[0].Model != "big" || a.Models[1].Model != "small" {
		t.Fatalf("models %v", a.Models)
	}
	if got := texts(a.Models[0].Texts); !slices.Equal(got, []string{"one", "two!", "one"}) {
		t.Errorf("big %q", got)
	}
	if got := texts(a.Models[1].Texts); !slices.Equal(got, []string{"1", "", "1"}) {
		t.Errorf("small %q", got)
	}
	byID := answersFile(t, "ids.jsonl", `{"sample_id": "b", "answer:big": null, "reference": "2"}`+"\n"+`{"sample_id": "c", "answer:big": "x"}`+"\n")
	if a, err = ReadAnswers([]string{byID}, table); err != nil {
		t.Fatal(err)
	}
	if got := texts(a.Models[0].Texts); !slices.Equal(got, []string{"-", "-", "x"}) || !slices.Equal(texts(a.Reference), []string{"-", "2", "-"}) {
		t.Errorf("by id %q, %q", got, texts(a.Reference))
	}
}

func TestReadAnswersRefuses(t *testing.T) {
	table := &Table{SampleID: []string{"a"}}
	for _, c := range []struct{ file, text, want string }{
		{"x.csv", "sample_id,answer:big\nb,1\n", `row 1, column "sample_id": found "b", expected a sample of the data set`},
		{"x.csv", "sample_id,quality\na,1\n", `no answers, expected a column "answer:MODEL" or "reference"`},
		{"x.csv", "id,reference\na,1\n", `column "sample_id": missing`},
		{"x.csv", "prompt,reference\na,1\n", `the answers are matched by "prompt", but the data set has no prompt digests`},
		{"x.csv", "sample_id,reference\n", "no rows"},
		{"x.txt", "", "empty file"},
	} {
		_, err := ReadAnswers([]string{answersFile(t, c.file, c.text)}, table)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: error %v, want %q", c.text, err, c.want)
		}
	}
}

// TestUnchecked checks that an audit can read values that are otherwise an error.
func TestUnchecked(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bad.parquet")
	var b strings.Builder
	err := WriteColumns(&b, []AnyColumn{{Name: "sample_id", Strings: []string{"a", "a"}}, {Name: "quality:m", Floats: []float64{0.5, 7}}},
		map[string]string{"routellm.min": "0", "routellm.max": "1"})
	if err == nil {
		err = os.WriteFile(path, []byte(b.String()), 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
	f, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.Read(Select{AllModels: true}); err == nil {
		t.Error("no error for a repeated id and a quality out of bounds")
	}
	table, err := f.Read(Select{AllModels: true, Unchecked: true})
	if err != nil || table.Quality[0].Values[1] != 7 || table.Meta.Max != 1 {
		t.Errorf("%+v, %v", table, err)
	}
}
