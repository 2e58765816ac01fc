// Package causal routes by asking a language model how well the weak model would
// do, as the causal LLM router of RouteLLM does (arXiv 2406.18665): the model
// generates one label, "1" to "5", and the win rate is 1 - P(label >= 4).
package causal

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"sync"
	"time"

	"github.com/routellm/routellm/internal/hint"

	"github.com/routellm/routellm/routers"
	"github.com/routellm/routellm/routers/encoder"
	"github.com/routellm/routellm/routers/encoder/cache"
)

// APIs are the ways to ask.
const (
	// Chat posts to /v1/chat/completions: the server applies the model's template.
	Chat = "chat"
	// Completions posts the text as it is to /v1/completions, for base models.
	Completions = "completions"
	// LlamaCPP asks llama.cpp's own server for the five labels alone: the model's
	// template, as in Chat, and probabilities of all labels, however small.
	LlamaCPP = "llamacpp"
)

const (
	defaultTop         = 20
	defaultConcurrency = 4
	defaultTimeout     = 2 * time.Minute
)

// Options say whom to ask, and how.
type Options struct {
	Endpoint    string        // base URL up to and with /v1; required
	Model       string        // required, also where the server has one model: answers are kept under it
	Key         string        // "" where the server needs none
	API         string        // "" is Chat
	Top         int           // how many tokens the server shall report, at least 5; 0 is 20; LlamaCPP takes no notice
	Concurrency int           // requests under way at once; 0 is 4
	Timeout     time.Duration // of one try; 0 is two minutes
	// CacheDir is the folder in which answers are kept; "" keeps none. It suits data
	// sets: each call of Scores adds files.
	CacheDir string
	// Progress, if not nil, is told how many of the prompts that had to be asked about
	// in a Scores call are done: none at first, then more after each block. It is never
	// called twice at once.
	Progress func(done, total int)

	adapter string // digest of the adapter that the server has loaded; "" where none is known
}

// Router asks one model of one server. It is safe for concurrent use, and all calls
// together have at most Concurrency requests under way.
type Router struct {
	options Options
	answers encoder.Encoder // a win rate is a vector of one component
	cache   *cache.Cache    // nil where no answers are kept
	serial  sync.Mutex      // holds calls of Progress apart
}

var (
	_ routers.Router   = (*Router)(nil)
	_ routers.Weighted = (*Router)(nil)
)

// New checks the options and reads what the cache has; it asks the server nothing.
func New(o Options) (*Router, error) {
	u, err := o.check()
	if err != nil {
		return nil, err
	}
	s := newServer(o, u)
	r := &Router{options: o, answers: s}
	if o.CacheDir == "" {
		return r, nil
	}
	if r.cache, err = cache.Open(o.CacheDir, s.cacheKey()); err != nil {
		return nil, err
	}
	r.answers = cache.Wrap(s, r.cache)
	return r, nil
}

// check puts in the defaults and returns the endpoint.
func (o *Options) check() (*url.URL, error) {
	o.API, o.Top = cmp.Or(o.API, Chat), cmp.Or(o.Top, defaultTop)
	o.Concurrency, o.Timeout = cmp.Or(o.Concurrency, defaultConcurrency), cmp.Or(o.Timeout, defaultTimeout)
	u, err := url.Parse(o.Endpoint)
	example := "such as http://127.0.0.1:8080/v1"
	switch {
	case o.Endpoint == "":
		return nil, hint.With(errors.New("no endpoint of a model server"), example)
	case err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "":
		return nil, hint.With(fmt.Errorf("endpoint %q: expected http:// or https:// and a host", o.Endpoint), example)
	case o.Model == "":
		return nil, hint.With(errors.New("no name of a model"), "a server of one model takes any name; answers are kept under it")
	case !slices.Contains([]string{Chat, Completions, LlamaCPP}, o.API):
		return nil, fmt.Errorf("API %q: expected %q, %q or %q", o.API, Chat, Completions, LlamaCPP)
	case o.Top < len(labels):
		return nil, fmt.Errorf("%d tokens to report: expected 0, which is %d, or at least %d", o.Top, defaultTop, len(labels))
	case o.Concurrency < 0 || o.Timeout < 0:
		return nil, fmt.Errorf("concurrency %d and timeout %v: expected 0, the default, or more", o.Concurrency, o.Timeout)
	}
	return u, nil
}

// Needs returns the text.
func (r *Router) Needs() routers.Needs { return routers.Needs{Text: true} }

// SHA256 tells models apart whose weights are not known: it is the digest of the model's
// name, the API and the instruction, so the same wherever the server is.
func (r *Router) SHA256() string { return r.answers.Identity().SHA256 }

// Scores returns win rates in [0,1], to the precision of a float32. An answer that
// does not say how probable the labels are is an error, never a score; errors name the
// sample. Prompts are asked for in blocks of four times Concurrency, and each block is
// kept once it is whole: after an error, or if the process is killed, the same call
// goes on there. Servers are not exact to the last digit; what is kept is.
func (r *Router) Scores(ctx context.Context, prompts []routers.Prompt) ([]float64, error) {
	texts := make([]string, len(prompts))
	for i, p := range prompts {
		if !p.HasText {
			return nil, fmt.Errorf("sample %q has no prompt", p.ID)
		}
		texts[i] = p.Text
	}
	p := r.progressOf(texts)
	out := make([]float64, 0, len(prompts))
	for block := range slices.Chunk(texts, 4*r.options.Concurrency) {
		rates, err := r.answers.Encode(ctx, block)
		if err != nil {
			return nil, r.stopped(ctx, named(prompts[len(out):], err))
		}
		for _, rate := range rates {
			out = append(out, float64(rate[0]))
		}
		p.reach(len(out))
	}
	return out, nil
}

// named makes the position in an error the sample's name.
func named(prompts []routers.Prompt, err error) error {
	if b := (*encoder.BatchError)(nil); errors.As(err, &b) {
		return fmt.Errorf("sample %q: %w", prompts[b.First].ID, b.Err)
	}
	return err
}

// stopped makes an error that comes of a cancelled context say why it was cancelled: that is
// no fault of a sample or of the server.
func (r *Router) stopped(ctx context.Context, err error) error {
	if ctx.Err() == nil || !errors.Is(err, context.Canceled) {
		return err
	}
	if err = context.Cause(ctx); r.cache != nil {
		return hint.With(err, "the answers so far are kept: the same command goes on there")
	}
	return err
}

// Reports says whether Scores tells Options.Progress how far it is.
func (r *Router) Reports() bool { return r.options.Progress != nil }

// progress says how far a Scores call is. Answers that were kept do not count: they take
// no time, and would make the rest look fast.
type progress struct {
	router      *Router
	asked       []bool // by prompt
	seen        int    // prompts so far
	done, total int    // of those that are asked about
}

func (r *Router) progressOf(texts []string) *progress {
	p := &progress{router: r, asked: make([]bool, len(texts))}
	for i, text := range texts {
		if p.asked[i] = r.cache == nil || !r.cache.Has(text); p.asked[i] {
			p.total++
		}
	}
	if p.total > 0 {
		p.report()
	}
	return p
}

// reach says that the first n prompts have their scores.
func (p *progress) reach(n int) {
	before := p.done
	for ; p.seen < n; p.seen++ {
		if p.asked[p.seen] {
			p.done++
		}
	}
	if p.done > before {
		p.report()
	}
}

func (p *progress) report() {
	r := p.router
	r.serial.Lock()
	defer r.serial.Unlock()
	if r.options.Progress != nil {
		r.options.Progress(p.done, p.total)
	}
}

// Warnings lists the files of the cache that were left out, and why.
func (r *Router) Warnings() []string {
	if r.cache == nil {
		return nil
	}
	return r.cache.Warnings()
}
