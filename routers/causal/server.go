package causal

import (
	"context"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/routellm/routellm/internal/modelserver"
	"github.com/routellm/routellm/routers/encoder"
)

// instruction is the text of a request, with a place for the prompt. It ends in a new
// line, so that base models continue with the digit alone and not with a space.
//
//go:embed instruction.txt
var instruction string

// maxAnswer limits the bytes of an answer, which is about a few tokens.
const maxAnswer = 16 << 20

// place is replaced with the prompt.
const place = "{prompt}"

// server asks for win rates. For the cache it is an encoder whose vectors have one
// component.
type server struct {
	options Options
	base    *url.URL
	client  modelserver.Client
	slots   chan struct{}

	mu       sync.Mutex // guards what llama.cpp's server was asked once
	ids      [len(labels)]int
	template string
}

var _ encoder.Encoder = (*server)(nil)

func newServer(o Options, endpoint *url.URL) *server {
	base := *endpoint
	base.Path = strings.TrimSuffix(base.Path, "/")
	if o.API == LlamaCPP { // llama.cpp's own paths are beside /v1
		base.Path = strings.TrimSuffix(base.Path, "/v1")
	}
	return &server{options: o, base: &base, slots: make(chan struct{}, o.Concurrency), client: modelserver.Client{
		Header: modelserver.Bearer(o.Key), Timeout: o.Timeout, MaxBytes: maxAnswer, Retries: modelserver.Retries,
	}}
}

// Identity covers what an answer depends on except the address and Top. A larger Top
// changes an answer by less than its error.
func (s *server) Identity() encoder.Identity {
	text := fmt.Appendf(nil, "causal\n%q\n%q\n%q\n", s.options.Model, s.options.API, instruction)
	if s.options.adapter != "" {
		text = fmt.Appendf(text, "%q\n", s.options.adapter)
	}
	sum := sha256.Sum256(text)
	return encoder.Identity{Name: "causal:" + s.options.Model, SHA256: hex.EncodeToString(sum[:])}
}

// cacheKey returns the key under which answers are cached.
func (s *server) cacheKey() string {
	return s.Identity().Name + "\n" + s.Identity().SHA256 + "\n" + s.base.Redacted()
}

// Encode returns one win rate per prompt. An error wraps an *encoder.BatchError of the
// prompt that caused it.
func (s *server) Encode(ctx context.Context, prompts []string) ([][]float32, error) {
	out := make([][]float32, len(prompts))
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(s.options.Concurrency)
	for i, prompt := range prompts {
		g.Go(func() error {
			rate, err := s.rate(ctx, prompt)
			if err != nil {
				return &encoder.BatchError{First: i, Count: 1, Err: err}
			}
			out[i] = []float32{float32(rate)}
			return nil
		})
	}
	return out, g.Wait()
}

// rate returns the win rate of one prompt.
func (s *server) rate(ctx context.Context, prompt string) (float64, error) {
	select {
	case s.slots <- struct{}{}:
		defer func() { <-s.slots }()
	case <-ctx.Done():
		return 0, ctx.Err()
	}
	q, err := s.question(ctx, prompt)
	if err != nil {
		return 0, err
	}
	answer, err := s.post(ctx, q.path, q.body)
	if err != nil {
		return 0, err
	}
	tokens, err := q.decode(answer)
	if err != nil {
		return 0, s.malformed(q.path, err)
	}
	rate, err := winRate(tokens)
	if err != nil {
		return 0, s.malformed(q.path, err)
	}
	return rate, nil
}

// post returns the body of the answer to a POST request.
func (s *server) post(ctx context.Context, path string, body any) ([]byte, error) {
	answer, _, err := s.send(ctx, http.MethodPost, path, body)
	return answer, err
}

// send returns the body and the status of an answer; status is 0 if none arrived.
func (s *server) send(ctx context.Context, method, path string, body any) (answer []byte, status int, err error) {
	var sent []byte
	if body != nil {
		if sent, err = modelserver.JSON(body); err != nil {
			return nil, 0, err
		}
	}
	r, err := s.client.Do(ctx, method, s.base.JoinPath(path).String(), sent)
	switch {
	case err != nil:
		return nil, r.Status, s.unreachable(ctx, path, err)
	case r.Status >= http.StatusMultipleChoices:
		return nil, r.Status, s.refused(path, r)
	}
	return r.Body, r.Status, nil
}
