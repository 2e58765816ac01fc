package weakfirst_test

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/csv"
	"flag"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/routellm/routellm/answers"
	"github.com/routellm/routellm/answers/ask"
	"github.com/routellm/routellm/answers/chat"
	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/internal/llamatest"
	"github.com/routellm/routellm/internal/outfile"
	"github.com/routellm/routellm/internal/quiz"
	"github.com/routellm/routellm/internal/store"
	"github.com/routellm/routellm/routers"
	"github.com/routellm/routellm/routers/signals"
)

var update = flag.Bool("update", false, "write the tables of docs/cascade.md and, with a model, the figures that they are made from")

// The experiment: questions to a small model, of which some are asked again.
const (
	questions, repeated = 300, 120
	furtherAnswers      = 3
	questionSeed        = 1
	figuresFile         = "testdata/smollm2.csv"
)

// figures holds the numbers that the experiment keeps of an answer: no text.
type figures struct {
	id      string
	right   bool
	input   float64 // tokens of the question
	signals map[string]float64
}

// TestLlamaSignals asks the small model on llama.cpp, which takes an hour on one core, and compares
// its figures with the stored ones: llama.cpp's releases and processors round differently.
func TestLlamaSignals(t *testing.T) {
	llamatest.NeedSlow(t)
	url := llamatest.ModelServer(t, "../../scripts/serve_smollm2.py")
	got := figuresOf(t, asked(t, url, questions, 1), asked(t, url, repeated, furtherAnswers))
	if *update {
		writeFigures(t, got)
		return
	}
	same := 0
	stored := readFigures(t)
	for i, f := range got {
		if f.right == stored[i].right {
			same++
		}
	}
	if same < questions*9/10 {
		t.Errorf("%d of %d answers are right or wrong as stored: has the model or its server changed?", same, questions)
	}
}

// asked asks the first n questions. More than one sample is drawn warm, one is the likeliest answer, and
// the model is asked about it.
func asked(t *testing.T, url string, n, samples int) *answers.File {
	t.Helper()
	client, err := chat.New(chat.Endpoint{Label: "small", Model: "smollm2", URL: url, API: chat.LlamaCPP})
	if err != nil {
		t.Fatal(err)
	}
	kept, err := store.Open(context.Background(), t.TempDir(), "answers")
	if err != nil {
		t.Fatal(err)
	}
	defer kept.Close()
	path := filepath.Join(t.TempDir(), "questions.jsonl")
	file, err := os.Create(path)
	if err == nil {
		err = quiz.Write(file, quiz.Short(n, questionSeed))
	}
	if err != nil || file.Close() != nil {
		t.Fatal(err)
	}
	prompts, err := answers.ReadPrompts(context.Background(), path, datasets.Mapping{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	most, temperature, seed := 32, 0.0, int64(1)
	s := chat.Settings{MaxTokens: &most, Temperature: &temperature, TopLogprobs: 5}
	if samples > 1 {
		most, temperature, s.Seed = 24, 0.8, &seed
	}
	run, err := answers.NewRun(prompts, answers.Options{Settings: s, Samples: samples, Models: []answers.Asked{
		{Label: "small", Identity: client.Identity(), Asker: ask.New(answers.Brief(client), ask.Options{Store: kept}), True: samples == 1},
	}})
	if err != nil {
		t.Fatal(err)
	}
	if err := run.Ask(context.Background()); err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(t.TempDir(), "answers.parquet")
	w, err := outfile.Create(out)
	if err == nil {
		err = run.Write(answers.NewWriter(w))
	}
	if err == nil {
		err = w.Commit()
	}
	if err != nil {
		t.Fatal(err)
	}
	return readAnswers(t, out)
}

func readAnswers(t *testing.T, path string) *answers.File {
	t.Helper()
	f, err := answers.Read(context.Background(), path)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// figuresOf returns the figures of answers, with the agreement of the warm ones to some of them.
func figuresOf(t *testing.T, cold, warm *answers.File) []figures {
	t.Helper()
	var out []figures
	m := &cold.Models[0]
	for i, q := range quiz.Short(cold.Rows(), questionSeed) {
		a := routers.Answer{Text: *m.Text[i], HasText: true, Finish: m.Finish[i], Tokens: m.Output[i],
			LogprobMean: m.LogprobMean[i], LogprobMin: m.LogprobMin[i], FirstEntropy: m.FirstEntropy[i], PTrue: m.True[i], Agreement: math.NaN()}
		if from := i * furtherAnswers; from < warm.Rows() {
			a.Agreement = agreement(a.Text, warm.Models[0].Text[from:from+furtherAnswers])
		}
		f := figures{id: q.ID, right: q.RightShort(a.Text), input: m.Input[i], signals: map[string]float64{}}
		for k, v := range signals.Of(&a) {
			f.signals[signals.All()[k].Name] = v
		}
		out = append(out, f)
	}
	return out
}

// agreement returns the share of further answers that are equal, as package answers compares them.
func agreement(text string, further []*string) float64 {
	key := func(s string) string { return datasets.NormSHA256Hex(strings.TrimSuffix(strings.TrimSpace(s), ".")) }
	same := 0.0
	for _, other := range further {
		if other != nil && key(*other) == key(text) {
			same++
		}
	}
	return same / float64(len(further))
}

// header names the columns of the stored figures.
func header() []string {
	out := []string{"id", "right", "input_tokens"}
	for _, s := range signals.All() {
		out = append(out, s.Name)
	}
	return out
}

func writeFigures(t *testing.T, all []figures) {
	t.Helper()
	var b strings.Builder
	w := csv.NewWriter(&b)
	_ = w.Write(header())
	for _, f := range all {
		row := []string{f.id, strconv.FormatBool(f.right), short(f.input)}
		for _, s := range signals.All() {
			row = append(row, short(f.signals[s.Name]))
		}
		_ = w.Write(row)
	}
	w.Flush()
	if err := outfile.Write(figuresFile, []byte(b.String())); err != nil {
		t.Fatal(err)
	}
}

// short writes a number with five digits; nothing for one that is not known.
func short(v float64) string {
	if math.IsNaN(v) {
		return ""
	}
	return strconv.FormatFloat(v, 'g', 5, 64)
}

func readFigures(t *testing.T) []figures {
	t.Helper()
	data, err := os.ReadFile(figuresFile)
	if err != nil {
		t.Fatal(err)
	}
	r := csv.NewReader(strings.NewReader(string(data)))
	names, err := r.Read()
	if err != nil || !slices.Equal(names, header()) {
		t.Fatalf("columns %q, want %q: %v", names, header(), err)
	}
	var out []figures
	for {
		row, err := r.Read()
		if err == io.EOF {
			return out
		}
		if err != nil {
			t.Fatal(err)
		}
		numbers := make([]float64, len(row))
		for k, cell := range row {
			if numbers[k], err = strconv.ParseFloat(cell, 64); err != nil {
				numbers[k] = math.NaN()
			}
		}
		f := figures{id: row[0], right: row[1] == "true", input: numbers[2], signals: map[string]float64{}}
		for k, s := range signals.All() {
			f.signals[s.Name] = numbers[3+k]
		}
		out = append(out, f)
	}
}

// strongRight says how often the strong model is right, which is played.
var strongRight = map[string]float64{"one digit": 0.99, "two digits": 0.98, "product": 0.97, "lookup": 0.96, "reading": 0.94, "capital": 0.97}

// strong plays the strong model: whether it is right, and the number of tokens of its answer.
func strong(q quiz.Question) (right bool, tokens float64) {
	digest := sha256.Sum256([]byte("strong\n" + q.Prompt))
	u := func(k int) float64 { return float64(binary.BigEndian.Uint32(digest[4*k:])) / (1 << 32) }
	return u(0) < strongRight[q.Task], 10 + math.Floor(50*u(1))
}

// price holds prices of tokens, in USD per million.
type price struct{ in, out float64 }

func (p price) of(in, out float64) float64 { return (p.in*in + p.out*out) / 1e6 }

// prices of a small and of a large model of the same house, in round numbers.
var weakPrice, strongPrice = price{0.15, 0.6}, price{2.5, 10}

// trueTokens is about how many more tokens the question about an answer has than the first question.
const trueTokens = 26
