package harness_test

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"testing"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/datasets/prompttext"
)

// talk is a conversation, with what became of it.
type talk struct {
	turns   []string // of the user
	outcome float64  // what a larger score should predict
	cluster string   // conversations that begin with the same text share one
}

// text returns what a mode makes of the first n turns.
func (c talk) text(t *testing.T, mode prompttext.Mode, n int) string {
	t.Helper()
	raw, err := json.Marshal(c.turns[:n])
	if err != nil {
		t.Fatal(err)
	}
	text, err := prompttext.FromJSON(string(raw), mode)
	if err != nil && !errors.Is(err, prompttext.ErrBlank) {
		t.Fatal(err)
	}
	return text
}

// arenaTalks returns the conversations of the Arena battles; the outcome is 1 if the model of the
// stronger tier won.
func arenaTalks(t *testing.T) []talk {
	t.Helper()
	var out []talk
	eachLine(t, "../../shared/data/train/arena55k_battles.jsonl.gz", func(row struct {
		Turns      []string
		StrongWins float64 `json:"strong_wins"`
	}) {
		out = append(out, talk{row.Turns, row.StrongWins, datasets.NormSHA256Hex(row.Turns[0])})
	})
	return out
}

// benchTalks returns the questions of MT Bench; the outcome is how much better the strong model's
// second answer was graded than the weak model's.
func benchTalks(t *testing.T) []talk {
	t.Helper()
	const dir = "../../shared/data/routellm/mt-bench/"
	gains := map[int]float64{}
	eachLine(t, dir+"judgements.jsonl", func(row struct {
		Question int `json:"question_id"`
		Model    string
		Turn     int
		Score    float64
	}) {
		switch {
		case row.Turn != 2:
		case row.Model == "gpt-4-1106-preview":
			gains[row.Question] += row.Score
		default:
			gains[row.Question] -= row.Score
		}
	})
	var out []talk
	eachLine(t, dir+"question.jsonl", func(row struct {
		Question int `json:"question_id"`
		Turns    []string
	}) {
		out = append(out, talk{row.Turns, gains[row.Question], datasets.NormSHA256Hex(row.Turns[0])})
	})
	return out
}

// eachLine reads a file of JSON lines, which may be compressed. It skips the test without the file.
func eachLine[T any](t *testing.T, path string, read func(T)) {
	t.Helper()
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("skipped: no " + path)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	in := bufio.NewReader(f)
	if magic, _ := in.Peek(2); string(magic) == "\x1f\x8b" {
		zip, err := gzip.NewReader(in)
		if err != nil {
			t.Fatal(err)
		}
		in = bufio.NewReader(zip)
	}
	for rows := json.NewDecoder(in); ; {
		var row T
		if err := rows.Decode(&row); err == io.EOF {
			return
		} else if err != nil {
			t.Fatal(path, err)
		}
		read(row)
	}
}
