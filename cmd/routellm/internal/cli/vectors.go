package cli

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"

	"github.com/routellm/routellm/internal/hint"

	"github.com/spf13/cobra"

	"github.com/routellm/routellm/benchmarks"
	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/routers"
	"github.com/routellm/routellm/routers/encoder"
	"github.com/routellm/routellm/routers/encoder/cache"
	"github.com/routellm/routellm/routers/encoder/openai"
)

// encoderOptions are the flags of commands that may turn text into vectors.
type encoderOptions struct {
	Encoder    string
	URL, Model string
	Dimensions int
	Cache      string
}

// The encoders that --encoder takes.
const (
	staticEncoder = encoder.StaticName
	openaiEncoder = "openai"
)

func (o *encoderOptions) add(c *cobra.Command) {
	f := c.Flags()
	f.StringVar(&o.Encoder, "encoder", staticEncoder, "what makes vectors of prompts that have none: static, or openai (a server; OPENAI_API_KEY)")
	f.StringVar(&o.URL, "encoder-url", "", "base `URL` of an OpenAI-compatible server (default $OPENAI_BASE_URL, else OpenAI)")
	f.StringVar(&o.Model, "encoder-model", openai.DefaultModel, "embedding `MODEL` of the server")
	f.IntVar(&o.Dimensions, "encoder-dimensions", 0, "components to ask the server for (default the model's own)")
	f.StringVar(&o.Cache, "encoder-cache", "", "`DIR` where the server's vectors are kept (default the user's cache folder)")
}

// check refuses options that make no sense, also where no vectors are needed.
func (o encoderOptions) check() error {
	if flag, err := o.wrong(); err != nil {
		return fmt.Errorf("--%s: %w", flag, err)
	}
	return nil
}

// wrong is the first flag that makes no sense, and why.
func (o encoderOptions) wrong() (flag string, err error) {
	switch {
	case !o.static() && o.Encoder != openaiEncoder:
		return "encoder", fmt.Errorf("found %q, expected static or openai", o.Encoder)
	case o.URL != "" && !isAddress(o.URL):
		return "encoder-url", errAddress
	case o.Dimensions < 0:
		return "encoder-dimensions", fmt.Errorf("found %d, expected 0, the model's own, or more", o.Dimensions)
	}
	return "", nil
}

// errAddress does not repeat the URL, which may have a password.
var errAddress = errors.New("expected http:// or https:// and a host, such as http://127.0.0.1:8080/v1")

// isAddress reports whether a server's base URL can be asked.
func isAddress(text string) bool {
	u, err := url.Parse(text)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != ""
}

// static reports whether no server is asked for.
func (o encoderOptions) static() bool { return o.Encoder == "" || o.Encoder == staticEncoder }

// encoders opens the encoder of the flags when it is first needed.
type encoders struct {
	options encoderOptions
	streams streams
	server  *openai.Encoder
	kept    *cache.Encoder // the server behind a cache
	cache   *cache.Cache
}

func newEncoders(s streams, o encoderOptions) *encoders { return &encoders{options: o, streams: s} }

// staticOnly are the encoders of commands without the flags.
func staticOnly() *encoders { return newEncoders(streams{}, encoderOptions{}) }

// kind names the vectors that the flags ask for.
func (e *encoders) kind() (vectorKind, error) {
	if e.options.static() {
		return staticVectors, nil
	}
	if err := e.open(); err != nil {
		return vectorKind{}, err
	}
	id := e.server.Identity()
	return vectorKind{id.Name, id.SHA256}, nil
}

// open connects to the server's model, with a cache before it.
func (e *encoders) open() error {
	if e.server != nil {
		return nil
	}
	url := e.options.URL
	if url == "" {
		url = os.Getenv("OPENAI_BASE_URL")
	}
	server, err := openai.New(openai.Options{BaseURL: url, Key: os.Getenv("OPENAI_API_KEY"), Model: e.options.Model, Dimensions: e.options.Dimensions})
	if err != nil {
		return err
	}
	dir := e.options.Cache
	if dir == "" {
		if dir, err = cache.DefaultDir(); err != nil {
			return failure{err}
		}
	}
	if e.cache, err = cache.Open(dir, server.CacheKey()); err != nil {
		return failure{err}
	}
	e.server, e.kept = server, cache.Wrap(server, e.cache)
	e.kept.Progress = newProgress(e.streams.err, "embedding")
	return nil
}

// encode returns the texts' vectors of a kind.
func (e *encoders) encode(ctx context.Context, k vectorKind, texts []string) ([][]float32, error) {
	if k == staticVectors {
		return encodeStatic(ctx, texts)
	}
	if err := e.openFor(k); err != nil {
		return nil, err
	}
	vectors, err := e.kept.Encode(ctx, texts)
	for _, warning := range e.cache.Warnings() {
		fmt.Fprintln(e.streams.err, "warning: "+warning)
	}
	return vectors, err
}

// encodeOne asks the server for a single text's vector and keeps nothing: a cache of
// single prompts would be a folder of tiny files.
func (e *encoders) encodeOne(ctx context.Context, k vectorKind, text string) ([]float32, error) {
	if err := e.openFor(k); err != nil {
		return nil, err
	}
	vectors, err := e.server.Encode(ctx, []string{text})
	if err != nil {
		return nil, err
	}
	return vectors[0], nil
}

// openFor opens the server if its vectors are of a kind.
func (e *encoders) openFor(k vectorKind) error {
	if e.options.static() {
		return hint.With(fmt.Errorf("vectors of the encoder %q are needed and not there", k.name),
			"--encoder openai asks a server for them", "routellm embed writes them into a file")
	}
	if err := e.open(); err != nil {
		return err
	}
	if id := e.server.Identity(); !k.fits(id.Name, id.SHA256) {
		return hint.With(fmt.Errorf("vectors of the encoder %q are needed, the flags ask for %q", k.name, id.Name), "see --encoder-model and --encoder-dimensions")
	}
	return nil
}

// encodeStatic returns vectors as they are stored in the built-in data.
func encodeStatic(ctx context.Context, texts []string) ([][]float32, error) {
	static, err := encoder.Static()
	if err != nil {
		return nil, failure{err}
	}
	return static.Encode(ctx, texts)
}

// vectorKind names an encoder whose vectors a router reads; a digest of "" stands for
// any.
type vectorKind struct{ name, sha256 string }

var staticVectors = vectorKind{encoder.StaticName, encoder.StaticDigest}

// kindOf is the kind that a router needs; false if it needs no vectors.
func kindOf(r routers.Router) (vectorKind, bool) {
	if !r.Needs().Vector {
		return vectorKind{}, false
	}
	if e, ok := r.(routers.Encoded); ok {
		name, digest := e.VectorsFrom()
		return vectorKind{name, digest}, true
	}
	return staticVectors, true
}

// fits reports whether vectors of an encoder are of the kind.
func (k vectorKind) fits(name, sha256 string) bool {
	return sha256 == k.sha256 && sha256 != "" || k.sha256 == "" && name == k.name
}

// unit is what the components are whole multiples of, 0 if nothing is known.
func (k vectorKind) unit() float32 {
	if k == staticVectors {
		return encoder.Scale
	}
	return 0
}

// vectorsOf returns a vector a row of a data set: the stored ones if they are of the
// kind, else those of the text.
func (e *encoders) vectorsOf(ctx context.Context, name string, t *datasets.Table, k vectorKind) ([][]float32, error) {
	if t.Dim() > 0 && k.fits(t.Meta.Encoder, t.Meta.EncoderSHA256) {
		return storedVectors(t), nil
	}
	if _, builtin := benchmarks.Data(name); !builtin && !t.HasPrompt {
		return nil, hint.With(fmt.Errorf("neither prompts nor vectors of the encoder %q are there", k.name),
			"routellm datasets import table keeps the prompts")
	}
	if !t.HasPrompt {
		if err := attachText(name, t); err != nil {
			return nil, err
		}
	}
	return e.encode(ctx, k, t.Prompt)
}

func storedVectors(t *datasets.Table) [][]float32 {
	dim := t.Dim()
	all, out := make([]float32, dim*t.Rows()), make([][]float32, t.Rows())
	for i := range out {
		out[i] = all[i*dim : (i+1)*dim : (i+1)*dim]
		t.Vector(out[i], i)
	}
	return out
}

// promptsFor is all that one router may see of a data set's rows.
func (e *encoders) promptsFor(ctx context.Context, name string, t *datasets.Table, r routers.Router) ([]routers.Prompt, error) {
	needs := r.Needs()
	if needs.Text && !t.HasPrompt {
		if err := attachText(name, t); err != nil {
			return nil, err
		}
	}
	prompts := promptsOf(t, needs)
	kind, ok := kindOf(r)
	if !ok {
		return prompts, nil
	}
	vectors, err := e.vectorsOf(ctx, name, t, kind)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return withVectors(prompts, vectors), nil
}

// withVectors returns the prompts with the given vectors.
func withVectors(prompts []routers.Prompt, vectors [][]float32) []routers.Prompt {
	out := make([]routers.Prompt, len(prompts))
	for i, p := range prompts {
		p.Vector = vectors[i]
		out[i] = p
	}
	return out
}
