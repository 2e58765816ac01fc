package answers

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/datasets/prompttext"
	"github.com/routellm/routellm/internal/hint"
)

func TestReadPromptsErrors(t *testing.T) {
	for content, want := range map[string]string{
		`{"x":1,"label":2}`:        "found no prompts",
		`{"prompt":["one","two"]}`: "found a list of 2 texts without roles",
		`{"prompt":[{"role":"user","content":"a"},{"role":"tool","content":"b"}]}`: `row 1, column "prompt": found a conversation with calls or results of tools`,
		`{"prompt":"x","messages":"hello"}`:                                        `column "messages": found "hello", expected messages`,
		`{"prompt":"x","messages":[{"role":"assistant","content":"hello"}]}`:       "without a message of the user",
		`{"prompt":"x","temperature":-1}`:                                          `row 1, column "temperature": found "-1", expected a number of 0 or more`,
		`{"prompt":"x","max_tokens":1.5}`:                                          `column "max_tokens": found "1.5", expected a whole number above 0`,
		`{"prompt":"x","seed":"abc"}`:                                              `column "seed": found "abc", expected a whole number`,
		`{"prompt":"x","sample_id":"a"}` + "\n" + `{"prompt":"y","sample_id":"a"}`: `"a" in rows 1 and 2, expected unique ids`,
	} {
		path := filepath.Join(t.TempDir(), "p.jsonl")
		if err := os.WriteFile(path, []byte(content+"\n"), 0o666); err != nil {
			t.Fatal(err)
		}
		if _, err := ReadPrompts(context.Background(), path, datasets.Mapping{}, nil); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: got %v, want %q", content, err, want)
		}
	}
}

// --text chooses one text of a list without roles, and raw asks a cell as it stands.
func TestReadPromptsByMode(t *testing.T) {
	path := filepath.Join(t.TempDir(), "p.jsonl")
	if err := os.WriteFile(path, []byte(`{"prompt":["one","two"]}`+"\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	for mode, want := range map[prompttext.Mode]string{prompttext.First: "one", prompttext.Last: "two", prompttext.Raw: `["one","two"]`} {
		p, err := ReadPrompts(context.Background(), path, datasets.Mapping{Text: mode}, nil)
		if err != nil {
			t.Fatal(err)
		}
		r, err := p.request(0, 0, (Options{}).Settings)
		if err != nil || p.Prompt[0] != want || len(r.Messages) != 1 || r.Messages[0].Content != want {
			t.Errorf("%s: got %q, %+v, %v", mode, p.Prompt, r.Messages, err)
		}
	}
}

// Columns of the prompts file that a file of answers has itself are an error before anything is asked.
func TestColumnsThatClash(t *testing.T) {
	path := filepath.Join(t.TempDir(), "p.csv")
	if err := os.WriteFile(path, []byte("id,question,prompt_sha256x,answer:m,quality:other,cluster,embedding\n1,a,b,c,0.5,k,\n2,d,e,f,1,k,\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := ReadPrompts(context.Background(), path, datasets.Mapping{}, []string{"nope"}); err == nil || !strings.Contains(err.Error(), `column "nope": missing`) {
		t.Errorf("got %v", err)
	}
	p, err := ReadPrompts(context.Background(), path, datasets.Mapping{}, []string{"answer:m", "embedding"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := NewRun(p, Options{Models: []Asked{{Label: "m"}}}); err != nil {
		t.Errorf("without the column: %v", err)
	}
	_, err = NewRun(p, Options{Models: []Asked{{Label: "other"}, {Label: "other"}}})
	if err == nil || !strings.Contains(err.Error(), `column "answer:other"`) || hint.Of(err) == nil {
		t.Errorf("a label that is given twice: %v", err)
	}
}

// A column such as gold_response among prompts is no model's answers.
func TestPromptsKeepTheirColumns(t *testing.T) {
	p := prompts(t, "p.csv", "id,prompt,gold_response,level\n1,a,x,7\n2,b,,08\n")
	if len(p.Models) != 0 || *p.PassedColumn("gold_response")[0] != "x" || p.PassedColumn("gold_response")[1] != nil || *p.PassedColumn("level")[1] != "08" {
		t.Errorf("got %+v", p.File)
	}
}
