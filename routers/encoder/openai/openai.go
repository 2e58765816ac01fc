// Package openai asks a model server for vectors: OpenAI's, or any that answers
// POST /v1/embeddings alike, such as llama.cpp, vLLM or a proxy.
package openai

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"sync"
	"time"

	"github.com/routellm/routellm/internal/hint"

	client "github.com/openai/openai-go/v3"

	"github.com/routellm/routellm/routers/encoder"
	"github.com/routellm/routellm/routers/internal/modelserver"
)

// PublicURL is the address of OpenAI's own server, which needs a key.
const PublicURL = "https://api.openai.com/v1"

// DefaultModel is the model that is asked where none is named.
const DefaultModel = "text-embedding-3-small"

const (
	// maxTexts and maxBytes bound a request. OpenAI takes 300,000 tokens in one,
	// and its tokens have at least a byte each.
	maxTexts = 256
	maxBytes = 300_000
	// concurrency is how many requests are under way at once.
	concurrency = 4
	// timeout bounds one try.
	timeout = 2 * time.Minute
)

// Options say whom to ask for what.
type Options struct {
	BaseURL    string // up to and with /v1; "" is PublicURL
	Key        string // may be "" for any other server than the public one
	Model      string // "" is DefaultModel
	Dimensions int    // components of a vector; 0 is the model's own number, and then not sent
	// Progress, if not nil, is told how many texts of an Encode call are done. It
	// is never called twice at once.
	Progress func(done, total int)
}

// Encoder asks one model of one server. It is safe for concurrent use, and all
// calls together have at most 4 requests under way.
type Encoder struct {
	options Options
	url     *url.URL
	service client.EmbeddingService
	slots   chan struct{}
	serial  sync.Mutex // holds calls of Progress apart
}

var _ encoder.Encoder = (*Encoder)(nil)

// New checks the options; it asks the server nothing.
func New(o Options) (*Encoder, error) {
	if o.BaseURL == "" {
		o.BaseURL = PublicURL
	}
	if o.Model == "" {
		o.Model = DefaultModel
	}
	u, err := url.Parse(o.BaseURL)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return nil, hint.With(fmt.Errorf("base URL %q: expected http:// or https:// and a host", o.BaseURL),
			"such as "+PublicURL+" or http://127.0.0.1:8080/v1")
	}
	if o.Dimensions < 0 {
		return nil, fmt.Errorf("dimensions %d: expected 0, the model's own, or more", o.Dimensions)
	}
	public, _ := url.Parse(PublicURL)
	if o.Key == "" && u.Hostname() == public.Hostname() {
		return nil, hint.With(errors.New("OPENAI_API_KEY is not set"),
			"set it to a key of the server at "+PublicURL, "another server's base URL needs none")
	}
	// The service alone, because NewClient would read more of the environment.
	return &Encoder{options: o, url: u, service: client.NewEmbeddingService(modelserver.Settings(o.BaseURL, o.Key, timeout)...), slots: make(chan struct{}, concurrency)}, nil
}

// Identity names the model. The digest covers model and dimensions, not the
// address, since a proxy serves the same vectors.
func (e *Encoder) Identity() encoder.Identity {
	sum := sha256.Sum256(fmt.Appendf(nil, "openai\n%q\n%d\n", e.options.Model, e.options.Dimensions))
	return encoder.Identity{Name: "openai:" + e.options.Model, SHA256: hex.EncodeToString(sum[:])}
}

// CacheKey is what vectors are kept under: the identity and the address, since
// another server may call another model by the same name.
func (e *Encoder) CacheKey() string {
	return e.Identity().Name + "\n" + e.Identity().SHA256 + "\n" + e.address()
}
