// Package encoder turns prompts into vectors. Call [Static] for the built-in encoder and
// [StaticEncoder.Encode] for vectors: it adds up token vectors distilled from a sentence
// encoder, which takes microseconds per prompt and no model server. Package openai asks a
// server for vectors, package cache keeps them; all three are [Encoder]s.
package encoder

import (
	"context"
	_ "embed"
	"fmt"
	"math"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/routellm/routellm/routers/internal/safetensors"
)

//go:embed static.safetensors
var staticFile []byte

// StaticName names the built-in encoder in files.
const StaticName = "static"

// StaticDigest is the hex SHA-256 of the built-in encoder's weights. Vectors with a
// different digest cannot be mixed with its vectors. It is a constant so that a
// comparison need not decode the weights.
const StaticDigest = "47d738a0dc988180ce43689cf0519deaf0a13cabc0cda958ef6ba9ce2995e433"

// dim is the number of components of the static encoder's vectors.
const dim = 256

// StaticEncoder looks up a vector for each WordPiece and adds the vectors up. They were
// distilled from all-MiniLM-L6-v2: every WordPiece was run through the model, averaged
// over [CLS] token [SEP], centred, reduced to the first 256 principal components, and
// weighted by log(1 + rank in the vocabulary). A StaticEncoder is safe for concurrent
// use.
type StaticEncoder struct {
	tokenizer *tokenizer
	rows      []byte    // int8, dim per token
	scale     []float32 // one per token: a component is its int8 value times this
	first     int       // id of the vocabulary's most frequent word
}

var static = sync.OnceValues(func() (*StaticEncoder, error) { return newStatic(staticFile) })

// Static returns the built-in encoder. The first call decodes it, which takes
// milliseconds.
func Static() (*StaticEncoder, error) { return static() }

func newStatic(data []byte) (*StaticEncoder, error) {
	f, err := safetensors.Read(data)
	if err != nil {
		return nil, fmt.Errorf("static encoder: %w", err)
	}
	vocabulary, rows := f.Tensors["vocab"], f.Tensors["rows"]
	if vocabulary.Type != "U8" {
		return nil, fmt.Errorf("static encoder: tensor %q has type %q, expected U8", "vocab", vocabulary.Type)
	}
	tokens := strings.Split(string(vocabulary.Data), "\n")
	if rows.Type != "I8" || !slices.Equal(rows.Shape, []int{len(tokens), dim}) {
		return nil, fmt.Errorf("static encoder: tensor %q has type %q and shape %v, expected I8 and %v",
			"rows", rows.Type, rows.Shape, []int{len(tokens), dim})
	}
	scale, err := f.Floats("scale", len(tokens))
	if err != nil {
		return nil, fmt.Errorf("static encoder: %w", err)
	}
	e := &StaticEncoder{rows: rows.Data, scale: make([]float32, len(tokens))}
	for i, s := range scale {
		e.scale[i] = float32(s)
	}
	if e.tokenizer, err = newTokenizer(tokens); err != nil {
		return nil, fmt.Errorf("static encoder: %w", err)
	}
	e.first = slices.Index(tokens, "the")
	return e, nil
}

// Ranks is larger than every rank of [StaticEncoder.Rank].
const Ranks = 30522

// Rank returns the place of a word of two or more lower-case letters in the vocabulary, which
// lists whole words by falling frequency in English text: "the" is 0 and "of" is 1. Pieces of
// words take places too. ok is false for a word that the vocabulary lacks.
func (e *StaticEncoder) Rank(word []byte) (rank int, ok bool) {
	id, ok := e.tokenizer.begin[string(word)]
	return int(id) - e.first, ok && int(id) >= e.first
}

// Dim returns the number of components of a vector, 256.
func (e *StaticEncoder) Dim() int { return dim }

// Tokens appends the WordPieces of a text to dst as BERT's uncased tokenizer makes them,
// without [CLS] and [SEP]. Ids range from 0 to 30,521. A word that cannot be cut into
// pieces, or has more than 100 characters, becomes one [UNK]. [CLS], [SEP], [MASK], [PAD]
// and [UNK] written in capitals in the text become those tokens. Bytes that are not UTF-8
// are dropped, as Python drops them after decoding with errors="replace". The running
// time is linear in the length of the text.
func (e *StaticEncoder) Tokens(dst []int32, text string) []int32 {
	dst, _ = e.TokensContext(context.Background(), dst, text)
	return dst
}

// TokensContext does what Tokens does, unless ctx is done before the end: then it returns the
// context's error within milliseconds, however long the text is.
func (e *StaticEncoder) TokensContext(ctx context.Context, dst []int32, text string) ([]int32, error) {
	return e.tokenizer.append(ctx, dst, text), ctx.Err()
}

// EncodeTo writes a text's vector to dst, which must have Dim elements, and returns the
// number of tokens. Components are rounded to whole multiples of [Scale], as data files
// store them, so that a prompt's score does not depend on whether its vector was stored;
// the vector has length 1 up to that rounding. A text without tokens gets the zero
// vector, and so does [PAD] alone, whose weight is log(1 + 0). The result is the same on
// every machine.
func (e *StaticEncoder) EncodeTo(dst []float32, text string) (tokens int) {
	tokens, _ = e.EncodeContext(context.Background(), dst, text)
	return tokens
}

// EncodeContext does what EncodeTo does, unless ctx is done before the end: then it returns
// the context's error within milliseconds, however long the text is, and dst is of no use.
func (e *StaticEncoder) EncodeContext(ctx context.Context, dst []float32, text string) (tokens int, err error) {
	tokens = e.encodeExact(ctx, dst, text)
	round(dst)
	return tokens, ctx.Err()
}

// encodeExact does what EncodeTo does, without rounding to multiples of Scale. It adds up
// in the order of the tokens. It stops early if ctx is done.
func (e *StaticEncoder) encodeExact(ctx context.Context, dst []float32, text string) (tokens int) {
	ids := idPool.Get().(*[]int32)
	defer idPool.Put(ids)
	*ids = e.tokenizer.append(ctx, (*ids)[:0], text)
	clear(dst)
	sum := (*[dim]float32)(dst)
	for some := range slices.Chunk(*ids, stretch) {
		if ctx.Err() != nil {
			break
		}
		for _, id := range some {
			add(sum, (*[dim]byte)(e.rows[dim*int(id):]), e.scale[id])
		}
	}
	normalise(dst)
	return len(*ids)
}

// addGo adds a token's row, int8 components times scale, to dst.
func addGo(dst *[dim]float32, row *[dim]byte, scale float32) {
	for k, b := range row {
		dst[k] += float32(scale * float32(int8(b)))
	}
}

var idPool = sync.Pool{New: func() any { return new([]int32) }}

// normalise scales v to length 1. It leaves a zero vector as it is.
func normalise(v []float32) {
	sum := 0.0
	for _, x := range v {
		sum += float64(float64(x) * float64(x))
	}
	if sum == 0 {
		return
	}
	inverse := float32(1 / math.Sqrt(sum))
	for k := range v {
		v[k] *= inverse
	}
}

// Encode returns one vector per text; see [StaticEncoder.EncodeTo]. It uses all cores,
// and each vector depends only on its text. If ctx is done, Encode returns its error and
// vectors may be missing.
func (e *StaticEncoder) Encode(ctx context.Context, texts []string) ([][]float32, error) {
	out, all := make([][]float32, len(texts)), make([]float32, dim*len(texts))
	var next sync.Mutex
	from := 0
	take := func() (lo, hi int) {
		next.Lock()
		defer next.Unlock()
		lo, hi = from, min(from+64, len(texts))
		from = hi
		return lo, hi
	}
	var wait sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wait.Go(func() {
			for lo, hi := take(); lo < hi && ctx.Err() == nil; lo, hi = take() {
				for i := lo; i < hi; i++ {
					out[i] = all[dim*i : dim*(i+1) : dim*(i+1)]
					_, _ = e.EncodeContext(ctx, out[i], texts[i]) // Encode returns the error
				}
			}
		})
	}
	wait.Wait()
	return out, ctx.Err()
}

// EncodeQuantised returns one vector per text as files store it: in steps of [Scale]. Its
// errors are those of Encode.
func (e *StaticEncoder) EncodeQuantised(ctx context.Context, texts []string) ([][]int8, error) {
	vectors, err := e.Encode(ctx, texts)
	if err != nil {
		return nil, err
	}
	out := make([][]int8, len(vectors))
	for i, v := range vectors {
		out[i] = make([]int8, len(v))
		for k, x := range v {
			out[i][k] = step(x)
		}
	}
	return out, nil
}

// Scale is the size of one step of a stored component. 127 steps reach 0.661, and hardly
// any component is larger.
const Scale = 1.0 / 192

// round makes v equal to what a file of quantised vectors gives back. On 25,000 prompts
// the cosine between rounded and exact vector was at least 0.9996.
func round(v []float32) {
	for i, x := range v {
		v[i] = Scale * float32(step(x))
	}
}

// step returns a component between -1 and 1 as a number of steps of Scale, from -127 to
// 127.
func step(x float32) int8 {
	return int8(max(-127, min(127, int(math.RoundToEven(float64(x)/Scale)))))
}
