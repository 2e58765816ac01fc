package bert

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/routers"
	"github.com/routellm/routellm/routers/encoder"
	"github.com/routellm/routellm/routers/internal/safetensors"
)

const twoLabels = `{"model_type": "bert", "id2label": {"0": "weak", "1": "strong"}, "max_position_embeddings": 512}`

// vocabulary returns BERT's uncased vocabulary, from the built-in encoder's file.
func vocabulary(t *testing.T) []string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "encoder", "static.safetensors"))
	if err != nil {
		t.Fatal(err)
	}
	f, err := safetensors.Read(data)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(string(f.Tensors["vocab"].Data), "\n")
}

// write creates a folder with the given files.
func write(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// goodFolder returns all files that Open reads before the network.
func goodFolder(t *testing.T) map[string]string {
	return map[string]string{"config.json": twoLabels, "vocab.txt": strings.Join(vocabulary(t), "\n") + "\n", modelFile: ""}
}

func tokenizerJSON(t *testing.T, kind string, lower bool) string {
	ids := map[string]int{}
	for i, token := range vocabulary(t) {
		ids[token] = i
	}
	text, err := json.Marshal(map[string]any{
		"normalizer": map[string]any{"type": "BertNormalizer", "lowercase": lower},
		"model":      map[string]any{"type": kind, "vocab": ids},
	})
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestReadFolder(t *testing.T) {
	config := func(old, new string) map[string]string {
		return map[string]string{"config.json": strings.Replace(twoLabels, old, new, 1)}
	}
	tests := map[string]struct {
		files map[string]string // replace the good files; "-" removes a file
		err   string            // "" if the folder is good
		max   int
	}{
		"vocab.txt":          {max: 512},
		"carriage returns":   {files: map[string]string{"vocab.txt": strings.Join(vocabulary(t), "\r\n")}, max: 512},
		"tokenizer.json":     {files: map[string]string{"vocab.txt": "-", "tokenizer.json": tokenizerJSON(t, "WordPiece", true)}, max: 512},
		"short sequences":    {files: map[string]string{"tokenizer_config.json": `{"model_max_length": 128}`}, max: 128},
		"no longest":         {files: map[string]string{"tokenizer_config.json": `{"model_max_length": 1e30}`}, max: 512},
		"no config":          {files: map[string]string{"config.json": "-"}, err: "config.json: no such file"},
		"broken config":      {files: map[string]string{"config.json": "{"}, err: "config.json: unexpected end"},
		"no positions":       {files: config(`, "max_position_embeddings": 512`, ""), err: "max_position_embeddings is 0"},
		"other labels":       {files: config("weak", "positive"), err: "unknown labels in id2label: map[0:positive 1:strong]"},
		"no tokenizer":       {files: map[string]string{"vocab.txt": "-"}, err: "neither vocab.txt nor tokenizer.json"},
		"XLM-R":              {files: config(`"bert"`, `"xlm-roberta"`), err: "SentencePiece"},
		"XLM-R's tokenizer":  {files: map[string]string{"tokenizer_config.json": `{"tokenizer_class": "XLMRobertaTokenizer"}`}, err: "SentencePiece"},
		"cased":              {files: map[string]string{"tokenizer_config.json": `{"do_lower_case": false}`}, err: "keeps case"},
		"accents":            {files: map[string]string{"tokenizer_config.json": `{"strip_accents": false}`}, err: "keeps case or accents"},
		"cased, in one file": {files: map[string]string{"vocab.txt": "-", "tokenizer.json": tokenizerJSON(t, "WordPiece", false)}, err: `"BertNormalizer" that keeps case`},
		"other words":        {files: map[string]string{"vocab.txt": "[PAD]\n[UNK]\n"}, err: "a different vocabulary of 2 tokens"},
		"unigram": {files: map[string]string{"vocab.txt": "-", "tokenizer.json": `{"model": {"type": "Unigram", "vocab": [["a", -1.5]]}}`},
			err: `a tokenizer of type "Unigram"`},
		"ids with a hole": {files: map[string]string{"vocab.txt": "-",
			"tokenizer.json": `{"normalizer": {"type": "BertNormalizer", "lowercase": true}, "model": {"type": "WordPiece", "vocab": {"a": 7}}}`},
			err: `token "a" has id 7, expected 0 to 0`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			files := goodFolder(t)
			maps.Copy(files, test.files)
			maps.DeleteFunc(files, func(_, text string) bool { return text == "-" })
			f, err := readFolder(write(t, files))
			if test.err != "" {
				if err == nil || !strings.Contains(err.Error(), test.err) {
					t.Fatalf("error %v, want one with %q", err, test.err)
				}
				return
			}
			if err != nil || f.maxTokens != test.max {
				t.Fatalf("folder %+v, error %v", f, err)
			}
		})
	}
}

func TestStrongLabels(t *testing.T) {
	tests := []struct {
		labels string
		strong []bool // nil if refused
	}{
		{`{"0": "weak", "1": "strong"}`, []bool{false, true}},
		{`{"0": "strong", "1": "weak"}`, []bool{true, false}},
		{`{"0": "tie", "1": "strong_wins", "2": "weak_wins"}`, []bool{false, true, false}},
		{`{"0": "LABEL_0", "1": "LABEL_1", "2": "LABEL_2"}`, []bool{true, false, false}},
		{`{"0": "LABEL_0", "1": "LABEL_1"}`, nil},
		{`{"0": "strong", "1": "strong"}`, nil},
		{`{"1": "strong", "2": "weak"}`, nil},
		{`{"0": "weak", "1": "strong", "2": "tie"}`, nil},
		{`{}`, nil},
	}
	for _, test := range tests {
		var labels map[string]string
		if err := json.Unmarshal([]byte(test.labels), &labels); err != nil {
			t.Fatal(err)
		}
		strong, err := strongLabels(labels)
		if !slices.Equal(strong, test.strong) || (err == nil) != (test.strong != nil) {
			t.Errorf("%s: %v, %v, want %v", test.labels, strong, err, test.strong)
		}
	}
}

func TestIDs(t *testing.T) {
	e, err := encoder.Static()
	if err != nil {
		t.Fatal(err)
	}
	f := &folder{maxTokens: 5, encoder: e}
	tests := map[string][]int64{
		"":                    {101, 102},
		"hello":               {101, 7592, 102},
		"Hello, world":        {101, 7592, 1010, 2088, 102},
		"hello, world. again": {101, 7592, 1010, 2088, 102}, // cut before [SEP], as Hugging Face does
	}
	for text, want := range tests {
		if got, err := f.ids(t.Context(), text); err != nil || !slices.Equal(got, want) {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
}

// nanNetwork has a weight that is not a number.
type nanNetwork struct{}

func (nanNetwork) logits([]int64) ([]float32, error) { return []float32{float32(math.NaN()), 0}, nil }

func TestProbe(t *testing.T) {
	if err := fakeClassifier(t, fake{}).probe(); err != nil {
		t.Error(err)
	}
	if err := fakeClassifier(t, nanNetwork{}).probe(); err == nil || err.Error() != "the network's output [NaN 0] is not finite" {
		t.Errorf("error %v", err)
	}
}

// fake is a network whose first logit is the number of tokens.
type fake struct{ err error }

func (f fake) logits(ids []int64) ([]float32, error) {
	if slices.Contains(ids, 100) {
		return []float32{float32(math.Inf(1)), 0}, f.err
	}
	return []float32{float32(len(ids)), 2}, f.err
}

func fakeClassifier(t *testing.T, n network) *classifier {
	t.Helper()
	e, err := encoder.Static()
	if err != nil {
		t.Fatal(err)
	}
	return &classifier{&folder{[]bool{true, false}, 512, e}, n, 3, "aa"}
}

func TestScores(t *testing.T) {
	c := fakeClassifier(t, fake{})
	var prompts []routers.Prompt
	for i := range 100 {
		prompts = append(prompts, routers.Prompt{ID: fmt.Sprint(i), Text: strings.Repeat("hello ", i%7)})
	}
	got, err := c.Scores(context.Background(), prompts)
	if err != nil {
		t.Fatal(err)
	}
	for i, rate := range got {
		// For two labels the win rate is the sigmoid of the difference.
		if want := 1 / (1 + math.Exp(2-float64(i%7+2))); math.Abs(rate-want) > 1e-12 {
			t.Errorf("prompt %d: %v, want %v", i, rate, want)
		}
	}
	if got, err := c.Scores(context.Background(), nil); err != nil || len(got) != 0 {
		t.Errorf("no prompts: %v, %v", got, err)
	}
}

func TestScoresFail(t *testing.T) {
	prompts := []routers.Prompt{{ID: "mine/7", Text: "[UNK]"}}
	_, err := fakeClassifier(t, fake{}).Scores(context.Background(), prompts)
	if want := `sample "mine/7": the network's output [+Inf 0] is not finite`; err == nil || err.Error() != want {
		t.Errorf("error %v, want %s", err, want)
	}
	broken := errors.New("broken")
	if _, err := fakeClassifier(t, fake{broken}).Scores(context.Background(), prompts); !errors.Is(err, broken) {
		t.Errorf("error %v, want %v", err, broken)
	}
	ctx, stop := context.WithCancel(context.Background())
	stop()
	if _, err := fakeClassifier(t, fake{}).Scores(ctx, prompts); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want %v", err, context.Canceled)
	}
}

func TestWinRate(t *testing.T) {
	third := 1.0 / 3
	tests := []struct {
		logits []float32
		strong []bool
		want   float64
	}{
		{[]float32{1, 1, 1}, []bool{true, false, false}, third},
		{[]float32{1, 1, 1}, []bool{false, true, true}, 2 * third},
		{[]float32{1e30, 0}, []bool{true, false}, 1},
		{[]float32{-1e30, 0}, []bool{true, false}, 0},
	}
	for _, test := range tests {
		if got := winRate(test.logits, test.strong); math.Abs(got-test.want) > 1e-15 {
			t.Errorf("%v, %v: %v, want %v", test.logits, test.strong, got, test.want)
		}
	}
	if got := winRate([]float32{float32(math.NaN()), 0}, []bool{true, false}); !math.IsNaN(got) {
		t.Errorf("win rate of a NaN logit: %v", got)
	}
}

// TestVocabularyIsTheEncoders compares the digest with package encoder's vocabulary.
func TestVocabularyIsTheEncoders(t *testing.T) {
	tokens := vocabulary(t)
	if got := datasets.DigestBytes([]byte(strings.Join(tokens, "\n"))); got != uncased {
		t.Errorf("digest %s, want %s", got, uncased)
	}
	if tokens[cls] != "[CLS]" || tokens[sep] != "[SEP]" {
		t.Errorf("tokens %q and %q", tokens[cls], tokens[sep])
	}
}
