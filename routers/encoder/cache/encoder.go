package cache

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"github.com/routellm/routellm/routers/encoder"
)

const (
	// chunkSize is how many texts are asked for and stored together.
	chunkSize = 256
	// concurrency is how many chunks are asked for at once.
	concurrency = 4
)

// Encoder answers from a cache and asks another encoder for the rest. It is safe
// for concurrent use where that encoder is.
type Encoder struct {
	// Progress, if not nil, is told how many of the texts that had to be asked for
	// in an Encode call are done. Set it before use. It is never called twice at
	// once.
	Progress func(done, total int)

	inner  encoder.Encoder
	cache  *Cache
	serial sync.Mutex // holds calls of Progress apart
}

var _ encoder.Encoder = (*Encoder)(nil)

// Wrap puts a cache, opened with the encoder's own key, before an encoder.
func Wrap(e encoder.Encoder, c *Cache) *Encoder { return &Encoder{inner: e, cache: c} }

// Identity is the wrapped encoder's.
func (e *Encoder) Identity() encoder.Identity { return e.inner.Identity() }

// Encode returns one vector a text. It asks for each text that the cache does not
// have once, 256 at a time, and stores these before it asks for more; after an
// error it starts no further request, and what was answered stays stored. Errors
// are the wrapped encoder's, a vector of another length than the cache's, and those
// of writing files.
func (e *Encoder) Encode(ctx context.Context, texts []string) ([][]float32, error) {
	digests, first, which := e.distinct(texts)
	vectors := make([][]float32, len(digests))
	missing := e.cache.look(digests, vectors)

	var g errgroup.Group // without its context: what is under way is paid for
	g.SetLimit(concurrency)
	var failed atomic.Bool
	done := 0
	for chunk := range slices.Chunk(missing, chunkSize) {
		g.Go(func() error {
			if failed.Load() {
				return nil
			}
			if err := e.ask(ctx, texts, digests, first, chunk, vectors); err != nil {
				failed.Store(true)
				return err
			}
			e.report(&done, len(chunk), len(missing))
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	out := make([][]float32, len(texts))
	for i, d := range which {
		if out[i] = vectors[d]; first[d] != i {
			out[i] = slices.Clone(vectors[d]) // who changes one must not change the other
		}
	}
	return out, nil
}

// distinct returns the digests of the texts that differ, the position of the first
// text that has each, and for each text the position of its digest.
func (e *Encoder) distinct(texts []string) (digests []digest, first, which []int) {
	seen := map[digest]int{}
	for i, text := range texts {
		d := e.cache.digest(text)
		at, ok := seen[d]
		if !ok {
			at = len(digests)
			seen[d] = at
			digests, first = append(digests, d), append(first, i)
		}
		which = append(which, at)
	}
	return digests, first, which
}

// ask has one chunk of the distinct texts encoded and stored.
func (e *Encoder) ask(ctx context.Context, texts []string, digests []digest, first, chunk []int, vectors [][]float32) error {
	batch, keys := make([]string, len(chunk)), make([]digest, len(chunk))
	for k, d := range chunk {
		batch[k], keys[k] = texts[first[d]], digests[d]
	}
	got, err := e.inner.Encode(ctx, batch)
	if b := (*encoder.BatchError)(nil); errors.As(err, &b) {
		b.First = first[chunk[b.First]] // the caller's count
	}
	if err != nil {
		return err
	}
	if len(got) != len(batch) {
		return fmt.Errorf("encoder %q: %d vectors for %d texts", e.inner.Identity().Name, len(got), len(batch))
	}
	if err := e.cache.store(keys, got); err != nil {
		return err
	}
	for k, d := range chunk {
		vectors[d] = got[k]
	}
	return nil
}

func (e *Encoder) report(done *int, more, total int) {
	e.serial.Lock()
	defer e.serial.Unlock()
	if *done += more; e.Progress != nil {
		e.Progress(*done, total)
	}
}
