package harness

import (
	"context"
	"fmt"

	"github.com/routellm/routellm/benchmarks"
	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/internal/fault"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/slicesx"
	"github.com/routellm/routellm/routers"
	"github.com/routellm/routellm/routers/encoder"
	"github.com/routellm/routellm/routers/encoder/cache"
	"github.com/routellm/routellm/routers/encoder/openai"
)

// Encoder says what turns prompts into vectors. The zero value is the built-in encoder.
type Encoder struct {
	// Server says to ask an OpenAI-compatible server for embeddings.
	Server bool
	// URL is the server's base URL; "" stands for OpenAI's.
	URL string
	// Key is the server's API key.
	Key string
	// Model is the server's embedding model.
	Model string
	// Dimensions is the number of components to ask the server for; 0 stands for the
	// model's own.
	Dimensions int
	// CacheDir is the folder that keeps the server's vectors; "" stands for the user's
	// cache folder.
	CacheDir string
}

// Encoders makes vectors. It connects to a server when the server's vectors are first
// needed.
type Encoders struct {
	options  Encoder
	feedback Feedback
	server   *openai.Encoder
	kept     *cache.Encoder // the server behind a cache
	cache    *cache.Cache
}

// NewEncoders returns the encoders that the options describe.
func NewEncoders(o Encoder, f Feedback) *Encoders { return &Encoders{options: o, feedback: f} }

// staticOnly returns the built-in encoder alone.
func staticOnly() *Encoders { return NewEncoders(Encoder{}, Feedback{}) }

// Encode returns one vector per text, from the encoder of the options, with the encoder's
// name and digest.
func (e *Encoders) Encode(ctx context.Context, texts []string) (vectors [][]float32, name, sha256 string, err error) {
	kind, err := e.kind()
	if err != nil {
		return nil, "", "", err
	}
	vectors, err = e.encode(ctx, kind, texts)
	return vectors, kind.name, kind.sha256, err
}

// kind returns the kind of the vectors that the options ask for.
func (e *Encoders) kind() (vectorKind, error) {
	if !e.options.Server {
		return staticVectors, nil
	}
	if err := e.open(); err != nil {
		return vectorKind{}, err
	}
	id := e.server.Identity()
	return vectorKind{id.Name, id.SHA256}, nil
}

// Open connects to the server, if the options name one. Other methods connect when they
// need it.
func (e *Encoders) Open() error {
	if !e.options.Server {
		return nil
	}
	return e.open()
}

// open connects to the server's model, behind a cache.
func (e *Encoders) open() error {
	if e.server != nil {
		return nil
	}
	o := e.options
	server, err := openai.New(openai.Options{BaseURL: o.URL, Key: o.Key, Model: o.Model, Dimensions: o.Dimensions})
	if err != nil {
		return err
	}
	if o.CacheDir == "" {
		if o.CacheDir, err = cache.DefaultDir(); err != nil {
			return fault.Wrap(err)
		}
	}
	if e.cache, err = cache.Open(o.CacheDir, server.CacheKey()); err != nil {
		return fault.Wrap(err)
	}
	e.server, e.kept = server, cache.Wrap(server, e.cache)
	e.kept.Progress = e.feedback.progress("embedding")
	return nil
}

// encode returns the texts' vectors of one kind.
func (e *Encoders) encode(ctx context.Context, k vectorKind, texts []string) ([][]float32, error) {
	if k == staticVectors {
		return encodeStatic(ctx, texts)
	}
	if err := e.openFor(k); err != nil {
		return nil, err
	}
	vectors, err := e.kept.Encode(ctx, texts)
	for _, warning := range e.cache.Warnings() {
		e.feedback.note("warning: %s", warning)
	}
	return vectors, err
}

// encodeNew asks the server for the vectors of texts and does not cache them: prompts that come by
// themselves seldom repeat, and each would wait for the disk.
func (e *Encoders) encodeNew(ctx context.Context, k vectorKind, texts []string) ([][]float32, error) {
	if err := e.openFor(k); err != nil {
		return nil, err
	}
	return e.server.Encode(ctx, texts)
}

// openFor connects to the server. Another kind of vectors than the server's is an error.
func (e *Encoders) openFor(k vectorKind) error {
	if !e.options.Server {
		return hint.With(fmt.Errorf("a router needs vectors of the encoder %q, which the data does not have", k.name),
			"--encoder openai gets them from a server", "routellm embed writes them to a file")
	}
	if err := e.open(); err != nil {
		return err
	}
	if id := e.server.Identity(); !k.fits(id.Name, id.SHA256) {
		return hint.With(fmt.Errorf("a router needs vectors of the encoder %q, but the encoder %q was chosen", k.name, id.Name), "--encoder-model and --encoder-dimensions choose the encoder")
	}
	return nil
}

// encodeStatic returns vectors of the built-in encoder, as the built-in data stores them.
func encodeStatic(ctx context.Context, texts []string) ([][]float32, error) {
	static, err := encoder.Static()
	if err != nil {
		return nil, fault.Wrap(err)
	}
	return static.Encode(ctx, texts)
}

// vectorKind identifies the encoder whose vectors a router reads. The digest "" stands for
// any digest.
type vectorKind struct{ name, sha256 string }

var staticVectors = vectorKind{encoder.StaticName, encoder.StaticDigest}

// kindOf returns the kind of vectors that a router needs; false if it needs none.
func kindOf(r needer) (vectorKind, bool) {
	if !r.Needs().Vector {
		return vectorKind{}, false
	}
	if e, ok := routers.As[routers.Encoded](r); ok {
		name, digest := e.VectorsFrom()
		return vectorKind{name, digest}, true
	}
	return staticVectors, true
}

// fits reports whether vectors of an encoder are of the kind.
func (k vectorKind) fits(name, sha256 string) bool {
	return sha256 == k.sha256 && sha256 != "" || k.sha256 == "" && name == k.name
}

// unit returns the number of which all components are whole multiples; 0 if it is unknown.
func (k vectorKind) unit() float32 {
	if k == staticVectors {
		return encoder.Scale
	}
	return 0
}

// vectorsOf returns one vector per row of a data set: the stored vectors if they are of the
// kind, or else those of the text.
func (e *Encoders) vectorsOf(ctx context.Context, name string, t *datasets.Table, k vectorKind) ([][]float32, error) {
	if t.Dim() > 0 && k.fits(t.Meta.Encoder, t.Meta.EncoderSHA256) {
		return storedVectors(t), nil
	}
	if _, builtin := benchmarks.Data(name); !builtin && !t.HasPrompt {
		return nil, hint.With(fmt.Errorf("the data has neither prompts nor vectors of the encoder %q", k.name),
			"routellm datasets import table keeps the prompts")
	}
	if !t.HasPrompt {
		if err := AttachText(name, t); err != nil {
			return nil, err
		}
	}
	return e.encode(ctx, k, t.Prompt)
}

// storedVectors returns the vectors in the table, one per row.
func storedVectors(t *datasets.Table) [][]float32 { return vectorsAt(t, upTo(vectorCount(t))) }

// vectorCount returns the number of vectors of a table, which may hold nothing else.
func vectorCount(t *datasets.Table) int { return max(len(t.Vectors), len(t.Embedding)) }

// vectorsAt returns the vectors of some rows of a table that has vectors.
func vectorsAt(t *datasets.Table, rows []int) [][]float32 {
	if t.Vectors != nil {
		return slicesx.Pick(t.Vectors, rows)
	}
	dim := t.Dim()
	all, out := make([]float32, dim*len(rows)), make([][]float32, len(rows))
	for k, i := range rows {
		out[k] = all[k*dim : (k+1)*dim : (k+1)*dim]
		t.Vector(out[k], i)
	}
	return out
}
