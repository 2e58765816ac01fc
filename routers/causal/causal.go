// Package causal is the causal LLM router of RouteLLM (arXiv 2406.18665). It asks a
// language model how well the weak model would answer: the model generates one label, "1"
// to "5", and the win rate is 1 - P(label >= 4). Call [New] with the [Options] of a model
// server, or [Adapt] if the server has loaded a trained adapter.
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
	"github.com/routellm/routellm/internal/text"

	"github.com/routellm/routellm/routers"
	"github.com/routellm/routellm/routers/encoder"
	"github.com/routellm/routellm/routers/encoder/cache"
)

// APIs for asking the model.
const (
	// Chat posts to /v1/chat/completions; the server applies the model's template.
	Chat = "chat"
	// Completions posts the text unchanged to /v1/completions, for base models.
	Completions = "completions"
	// LlamaCPP asks llama.cpp's own server for the five labels alone. It applies the
	// model's template, as Chat does, and returns the probabilities of all labels,
	// however small.
	LlamaCPP = "llamacpp"
)

const (
	defaultTop         = 20
	defaultConcurrency = 4
	defaultTimeout     = 2 * time.Minute
)

// Options configures the server, the model and the requests.
type Options struct {
	Endpoint    string        // Endpoint is the base URL including /v1; required
	Model       string        // Model is required even if the server has one model: answers are cached under it
	Key         string        // Key is the API key; "" if the server needs none
	API         string        // API is Chat, Completions or LlamaCPP; "" means Chat
	Top         int           // Top is the number of tokens to report, at least 5; 0 means 20; LlamaCPP ignores it
	Concurrency int           // Concurrency is the number of concurrent requests; 0 means 4
	Timeout     time.Duration // Timeout limits one attempt; 0 means two minutes
	// CacheDir is the folder for cached answers; "" caches none.
	CacheDir string
	// Progress, if non-nil, is called with the number of prompts answered so far in a
	// Scores call and the number that are not in the cache: first with 0, then after
	// each block. It is never called concurrently.
	Progress func(done, total int)

	adapter string // digest of the adapter that the server has loaded; "" if unknown
}

// Router asks one model on one server. It is safe for concurrent use; all calls together
// have at most Concurrency requests under way.
type Router struct {
	options Options
	answers encoder.Encoder // its vectors have one component, the win rate
	cache   *cache.Cache    // nil if answers are not cached
	serial  sync.Mutex      // serialises calls of Progress
}

var (
	_ routers.Router   = (*Router)(nil)
	_ routers.Weighted = (*Router)(nil)
)

// New checks the options and opens the cache. It sends no request.
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

// check sets defaults and returns the parsed endpoint.
func (o *Options) check() (*url.URL, error) {
	o.API, o.Top = cmp.Or(o.API, Chat), cmp.Or(o.Top, defaultTop)
	o.Concurrency, o.Timeout = cmp.Or(o.Concurrency, defaultConcurrency), cmp.Or(o.Timeout, defaultTimeout)
	u, err := url.Parse(o.Endpoint)
	example := "an endpoint looks like http://127.0.0.1:8080/v1"
	switch {
	case o.Endpoint == "":
		return nil, hint.With(errors.New("no endpoint of a model server is given"), example)
	case err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "":
		return nil, hint.With(fmt.Errorf("endpoint %q: expected http:// or https:// and a host", o.Endpoint), example)
	case o.Model == "":
		return nil, hint.With(errors.New("no model name is given"), "a server with one model accepts any name; answers are cached under it")
	case !slices.Contains([]string{Chat, Completions, LlamaCPP}, o.API):
		return nil, fmt.Errorf("API %q: expected %q, %q or %q", o.API, Chat, Completions, LlamaCPP)
	case o.Top < len(labels):
		return nil, fmt.Errorf("cannot report %s: expected 0 for the default of %d, or at least %d", text.Plural(o.Top, "token"), defaultTop, len(labels))
	case o.Concurrency < 0 || o.Timeout < 0:
		return nil, fmt.Errorf("concurrency %d and timeout %v: expected 0 for the default, or a positive value", o.Concurrency, o.Timeout)
	}
	return u, nil
}

// Needs returns the text.
func (r *Router) Needs() routers.Needs { return routers.Needs{Text: true} }

// SHA256 returns a digest of the model's name, the API and the instruction, which is the
// same for every server address. It stands in for the weights, which are unknown.
func (r *Router) SHA256() string { return r.answers.Identity().SHA256 }

// Scores returns one win rate per prompt, in [0,1] and with the precision of a float32.
// An answer without the labels' probabilities is an error that names the sample. Prompts
// are requested in blocks of four times Concurrency, and each complete block is cached:
// after an error, or if the process is killed, the same call continues there. Servers do
// not repeat an answer to the last digit; cached answers do.
func (r *Router) Scores(ctx context.Context, prompts []routers.Prompt) ([]float64, error) {
	texts := make([]string, len(prompts))
	for i, p := range prompts {
		if !p.HasText {
			return nil, fmt.Errorf("sample %q has no prompt text", p.ID)
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

// named replaces the position in an error with the sample's name.
func named(prompts []routers.Prompt, err error) error {
	if b := (*encoder.BatchError)(nil); errors.As(err, &b) {
		return fmt.Errorf("sample %q: %w", prompts[b.First].ID, b.Err)
	}
	return err
}

// stopped returns the cause of a cancelled context instead of the error that followed
// from it, because neither a sample nor the server is at fault.
func (r *Router) stopped(ctx context.Context, err error) error {
	if ctx.Err() == nil || !errors.Is(err, context.Canceled) {
		return err
	}
	if err = context.Cause(ctx); r.cache != nil {
		return hint.With(err, "the answers so far are cached: run the same command again to continue")
	}
	return err
}

// Reports reports whether Scores calls Options.Progress.
func (r *Router) Reports() bool { return r.options.Progress != nil }

// progress counts the prompts of a Scores call that had to be requested. Cached answers
// do not count: they take no time and would make the rest look fast.
type progress struct {
	router      *Router
	asked       []bool // reports for each prompt whether it was requested
	seen        int    // number of prompts with scores
	done, total int    // number of requested prompts, done and in total
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

// reach records that the first n prompts have scores.
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

// Warnings lists the cache files that were skipped, with the reason.
func (r *Router) Warnings() []string {
	if r.cache == nil {
		return nil
	}
	return r.cache.Warnings()
}
