package cache

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/routers/encoder"
)

const (
	// chunkSize is the number of texts that are requested and stored together.
	chunkSize = 256
	// concurrency is the number of chunks requested concurrently.
	concurrency = 4
)

// Encoder serves vectors from a cache and requests the rest from another encoder. It is
// safe for concurrent use if that encoder is.
type Encoder struct {
	// Progress, if non-nil, is called after each chunk with the number of texts
	// requested so far in an Encode call and the total to request. It is never called
	// concurrently. Set it before use.
	Progress func(done, total int)

	inner  encoder.Encoder
	cache  *Cache
	serial sync.Mutex // serialises calls of Progress
}

var _ encoder.Encoder = (*Encoder)(nil)

// Wrap returns an encoder that looks up vectors in a cache before it asks e. The cache
// must have been opened with e's own key.
func Wrap(e encoder.Encoder, c *Cache) *Encoder { return &Encoder{inner: e, cache: c} }

// Identity returns the identity of the wrapped encoder.
func (e *Encoder) Identity() encoder.Identity { return e.inner.Identity() }

// Encode returns one vector per text. It requests each text that is not in the cache
// once, 256 at a time, and stores each chunk before it requests more. After an error it
// starts no further request; answers received so far stay stored. Encode fails if the
// wrapped encoder fails, if a vector's length differs from the cache's, or if a file
// cannot be written.
func (e *Encoder) Encode(ctx context.Context, texts []string) ([][]float32, error) {
	digests, first, which := e.distinct(texts)
	vectors := make([][]float32, len(digests))
	missing, err := e.cache.look(digests, vectors)
	if err != nil {
		return nil, err
	}

	var g errgroup.Group // without its context: requests under way are already paid for
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
			out[i] = slices.Clone(vectors[d]) // a caller may change one without changing the other
		}
	}
	return out, nil
}

// distinct returns the digests of the distinct texts, the position of the first text with
// each digest, and for each text the index of its digest.
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

// ask encodes and stores one chunk of the distinct texts.
func (e *Encoder) ask(ctx context.Context, texts []string, digests []digest, first, chunk []int, vectors [][]float32) error {
	batch, keys := make([]string, len(chunk)), make([]digest, len(chunk))
	for k, d := range chunk {
		batch[k], keys[k] = texts[first[d]], digests[d]
	}
	got, err := e.inner.Encode(ctx, batch)
	if b := (*encoder.BatchError)(nil); errors.As(err, &b) {
		b.First = first[chunk[b.First]] // position among the caller's texts
	}
	if err != nil {
		return err
	}
	if len(got) != len(batch) {
		return fmt.Errorf("encoder %q returned %s for %s", e.inner.Identity().Name, text.Plural(len(got), "vector"), text.Plural(len(batch), "text"))
	}
	if err := e.cache.put(keys, got); err != nil {
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
