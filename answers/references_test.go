package answers_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/routellm/routellm/answers"
	"github.com/routellm/routellm/datasets"
)

// References of another file are found by id, also those of repeats, or by prompt.
func TestReferencesOfAnotherFile(t *testing.T) {
	file := &answers.File{SampleID: []string{"a#1", "a#2", "b", "c"}, Prompt: []string{"one?", "one?", "two?", "three?"}}
	for name, table := range map[string]string{
		"id":     "id,correct\nb,2\na,1\nz,9\n",
		"prompt": "question,correct\ntwo?,2\none?,1\none?,1\n",
	} {
		path := filepath.Join(t.TempDir(), name+".csv")
		if err := os.WriteFile(path, []byte(table), 0o600); err != nil {
			t.Fatal(err)
		}
		r, err := answers.OpenReferences(context.Background(), path+"#correct", file, datasets.Mapping{})
		if err != nil {
			t.Fatal(name, err)
		}
		f := *file
		r.AddTo(&f)
		var got []string
		for _, cell := range f.PassedColumn("correct") {
			if cell == nil {
				got = append(got, "none")
				continue
			}
			got = append(got, *cell)
		}
		if s := strings.Join(got, " "); s != "1 1 2 none" || r.Check() != nil {
			t.Errorf("%s: references %s, %v", name, s, r.Check())
		}
	}
}

func TestReferencesErrors(t *testing.T) {
	word := "2"
	file := &answers.File{Name: "a.parquet", SampleID: []string{"a"}, Passed: []answers.TextColumn{{Name: "level", Values: []*string{&word}}, {Name: "x#y", Values: []*string{&word}}}}
	for _, c := range []struct{ table, column, want string }{
		{"id,correct\na,1\n", "corect", `no column "corect"`},
		{"id,level\na,1\n", "level", `has a column "level" already`},
		{"id,correct\na,1\na,2\n", "correct", `row 2: "a" has another reference`},
		{"colour,correct\nred,1\n", "correct", "neither ids nor prompts"},
		{"id,correct\nz,1\n", "correct", "no row belongs to one of the answers"},
	} {
		path := filepath.Join(t.TempDir(), "gold.csv")
		if err := os.WriteFile(path, []byte(c.table), 0o600); err != nil {
			t.Fatal(err)
		}
		r, err := answers.OpenReferences(context.Background(), path+"#"+c.column, file, datasets.Mapping{})
		if err == nil {
			f := *file
			r.AddTo(&f)
			err = r.Check()
		}
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: error %v, want %q", c.table, err, c.want)
		}
	}
	for _, gold := range []string{"correct", "x#y"} {
		if r, err := answers.OpenReferences(context.Background(), gold, file, datasets.Mapping{}); r != nil || err != nil {
			t.Errorf("%q: %v, %v, want no other file", gold, r, err)
		}
	}
}
