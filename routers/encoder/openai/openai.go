// Package openai asks a model server for vectors: OpenAI's, or any that answers POST
// /v1/embeddings the same way, such as llama.cpp, vLLM or a proxy. Call [New], then
// [Encoder.Encode].
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

	"github.com/routellm/routellm/internal/modelserver"
	"github.com/routellm/routellm/routers/encoder"
)

// PublicURL is the base URL of OpenAI's own server, which needs a key.
const PublicURL = "https://api.openai.com/v1"

// DefaultModel is the model used if none is named.
const DefaultModel = "text-embedding-3-small"

const (
	// maxTexts and maxBytes limit a request. OpenAI accepts 300,000 tokens per
	// request, and each of its tokens has at least one byte.
	maxTexts = 256
	maxBytes = 300_000
	// concurrency is the number of concurrent requests.
	concurrency = 4
	// timeout limits one attempt.
	timeout = 2 * time.Minute
	// maxAnswer limits the bytes of an answer: 256 vectors of 16,384 numbers fit.
	maxAnswer = 128 << 20
)

// Options configures the server, model and vectors.
type Options struct {
	BaseURL    string // BaseURL includes /v1; "" means PublicURL
	Key        string // Key is the API key; only OpenAI's own server requires one
	Model      string // Model is the model's name; "" means DefaultModel
	Dimensions int    // Dimensions is the number of components per vector; 0 leaves it to the model and is not sent
	// Progress, if non-nil, is called after each batch with the number of texts done
	// in an Encode call. It is never called concurrently.
	Progress func(done, total int)
}

// Encoder asks one model on one server. It is safe for concurrent use; all calls together
// have at most 4 requests under way.
type Encoder struct {
	options Options
	url     *url.URL
	client  modelserver.Client
	slots   chan struct{}
	serial  sync.Mutex // serialises calls of Progress
}

var _ encoder.Encoder = (*Encoder)(nil)

// New checks the options. It sends no request.
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
		return nil, fmt.Errorf("dimensions %d: expected 0 for the model's own number, or a positive number", o.Dimensions)
	}
	public, _ := url.Parse(PublicURL)
	if o.Key == "" && u.Hostname() == public.Hostname() {
		return nil, hint.With(errors.New("OPENAI_API_KEY is not set"),
			"set it to a key of the server at "+PublicURL, "a server at another base URL needs no key")
	}
	return &Encoder{options: o, url: u, slots: make(chan struct{}, concurrency), client: modelserver.Client{
		Header: modelserver.Bearer(o.Key), Timeout: timeout, MaxBytes: maxAnswer, Retries: modelserver.Retries,
	}}, nil
}

// Identity returns the model's name and a digest of model and dimensions. The digest does
// not cover the address, because a proxy serves the same vectors.
func (e *Encoder) Identity() encoder.Identity {
	sum := sha256.Sum256(fmt.Appendf(nil, "openai\n%q\n%d\n", e.options.Model, e.options.Dimensions))
	return encoder.Identity{Name: "openai:" + e.options.Model, SHA256: hex.EncodeToString(sum[:])}
}

// CacheKey returns the key for package cache: the identity and the address, because
// another server may use the same name for another model.
func (e *Encoder) CacheKey() string {
	return e.Identity().Name + "\n" + e.Identity().SHA256 + "\n" + e.address()
}
