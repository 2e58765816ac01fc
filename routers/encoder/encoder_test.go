package encoder

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"math"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/routellm/routellm/routers/internal/safetensors"
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
	if got := hex.EncodeToString(sum[:]); got != StaticDigest {
		t.Errorf("StaticDigest is %s, the file has %s", StaticDigest, got)
	}
	var e Encoder = load(t)
	if got := e.Identity(); got != (Identity{Name: StaticName, SHA256: StaticDigest}) {
		t.Errorf("identity %v", got)
	}
}

// TestVectorIsTheNormalisedSum compares vectors with their definition, computed in
// float64.
func TestVectorIsTheNormalisedSum(t *testing.T) {
	e := load(t)
	got := make([]float32, dim)
	for _, text := range append(mixed(), strings.Repeat("long texts too, ", 10_000)) {
		want, ids := make([]float64, dim), e.Tokens(nil, text)
		for _, id := range ids {
			for k := range want {
				want[k] += float64(e.scale[id]) * float64(int8(e.rows[dim*int(id)+k]))
			}
		}
		if n := e.encodeExact(t.Context(), got, text); n != len(ids) {
			t.Fatalf("%d tokens, want %d", n, len(ids))
		}
		if len(ids) > 0 && !(cosine(got, want) > 1-1e-7) {
			t.Errorf("%.40q: cosine %v", text, cosine(got, want))
		}
	}
}

func TestOddTextsBehave(t *testing.T) {
	e := load(t)
	v := make([]float32, dim)
	if n := e.EncodeTo(v, ""); n != 0 || slices.ContainsFunc(v, func(x float32) bool { return x != 0 }) {
		t.Errorf("an empty text has %d tokens, vector %v", n, v[:3])
	}
	if n := e.EncodeTo(v, "[PAD]"); n != 1 || v[0] != 0 {
		t.Errorf("[PAD] has %d tokens, vector %v", n, v[:3])
	}
	for name, text := range map[string]string{
		"one long word": strings.Repeat("a", 1<<20), "one long text": strings.Repeat("word ", 1<<18),
		"accents": strings.Repeat("\u0301", 1<<20), "invalid": "a\xff\xfeb\xc3", "brackets": strings.Repeat("[", 1<<20),
	} {
		n := e.encodeExact(t.Context(), v, text)
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

func TestEncodeStopsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := load(t).Encode(ctx, []string{"a"}); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	if got, err := load(t).Encode(context.Background(), nil); len(got) != 0 || err != nil {
		t.Errorf("no texts: %v, %v", got, err)
	}
}

func TestMalformedFiles(t *testing.T) {
	good := func() map[string]safetensors.Tensor {
		return map[string]safetensors.Tensor{
			"vocab": {Type: "U8", Shape: []int{7}, Data: []byte("[UNK]\na")},
			"rows":  {Type: "I8", Shape: []int{2, dim}, Data: make([]byte, 2*dim)},
			"scale": {Type: "F32", Shape: []int{2}, Data: make([]byte, 8)},
		}
	}
	for want, change := range map[string]func(map[string]safetensors.Tensor){
		"":        func(map[string]safetensors.Tensor) {},
		`"vocab"`: func(t map[string]safetensors.Tensor) { delete(t, "vocab") },
		`"rows"`:  func(t map[string]safetensors.Tensor) { delete(t, "rows") },
		`"scale"`: func(t map[string]safetensors.Tensor) { delete(t, "scale") },
		"shape [1 512]": func(t map[string]safetensors.Tensor) {
			t["rows"] = safetensors.Tensor{Type: "I8", Shape: []int{1, 2 * dim}, Data: t["rows"].Data}
		},
		"no [UNK]": func(t map[string]safetensors.Tensor) { copy(t["vocab"].Data, "[unk]") },
	} {
		f := &safetensors.File{Tensors: good()}
		change(f.Tensors)
		var b bytes.Buffer
		if err := f.Write(&b); err != nil {
			t.Fatal(err)
		}
		_, err := newStatic(b.Bytes())
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
}

func TestRound(t *testing.T) {
	v := []float32{0, 1, -1, 1.4 * Scale, -1.6 * Scale, 2.5 * Scale, 127 * Scale}
	want := []int8{0, 127, -127, 1, -2, 2, 127}
	round(v)
	for i, q := range want {
		if v[i] != Scale*float32(q) || step(v[i]) != q {
			t.Errorf("component %d is %v, want %d steps", i, v[i], q)
		}
	}
}

// TestVectorsAreWhatFilesStore checks that Encode, EncodeTo and EncodeQuantised all
// return the exact vector, rounded once.
func TestVectorsAreWhatFilesStore(t *testing.T) {
	e, texts := load(t), mixed()
	vectors, err := e.Encode(context.Background(), texts)
	if err != nil {
		t.Fatal(err)
	}
	stored, err := e.EncodeQuantised(context.Background(), texts)
	if err != nil {
		t.Fatal(err)
	}
	exact, one := make([]float32, dim), make([]float32, dim)
	for i, text := range texts {
		e.encodeExact(t.Context(), exact, text)
		e.EncodeTo(one, text)
		if !slices.Equal(one, vectors[i]) {
			t.Fatalf("text %d: EncodeTo and Encode differ", i)
		}
		for k, x := range exact {
			if stored[i][k] != step(x) || one[k] != Scale*float32(stored[i][k]) {
				t.Fatalf("text %d, component %d: exact %v, stored %d, vector %v", i, k, x, stored[i][k], one[k])
			}
		}
	}
}

func TestEncodeDoesNotAllocatePerToken(t *testing.T) {
	e := load(t)
	v := make([]float32, dim)
	for _, text := range []string{"an ordinary sentence of plain words, ", "“naïve” 日本語 한국어 हिन्दी "} {
		text = strings.Repeat(text, 50)
		e.EncodeTo(v, text)
		if n := testing.AllocsPerRun(20, func() { e.EncodeTo(v, text) }); n > 5 { // few, for hundreds of tokens: the pool may be emptied
			t.Errorf("%v allocations a prompt", n)
		}
	}
}

// prompts54 returns plain prompts of about 54 tokens.
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

func BenchmarkTokenizeOtherScripts(b *testing.B) {
	e := load(b)
	text, ids := strings.Repeat("“naïve” 日本語 한국어 हिन्दी العربية ", 4), make([]int32, 0, 1024)
	b.ReportAllocs()
	for b.Loop() {
		ids = e.Tokens(ids[:0], text)
	}
	b.ReportMetric(float64(len(ids)), "tokens")
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
