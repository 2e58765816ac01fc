// Package cache keeps vectors in files, so that each text is paid for only once. Call
// [Open] for the cache of an encoder in a folder, usually [DefaultDir], and [Wrap] for an
// encoder that uses it.
package cache

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io"
	"math"
	"path/filepath"
	"slices"
	"sync"

	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/store"
	"github.com/routellm/routellm/internal/text"

	"github.com/routellm/routellm/datasets"
)

// Cache holds the vectors of one encoder, in a folder. Vectors stay on disk until they are
// requested: one million texts take about 100 MB of memory. A Cache is safe for concurrent
// use. Several processes may share a folder; none sees what the others add after Open.
type Cache struct {
	dir  string
	key  digest
	kept *store.Store

	mu       sync.Mutex
	dim      int // number of components of every vector; 0 while there are none
	segments []*segment
	at       map[digest]location // the vectors in segments
	warnings []string
}

// DefaultDir returns the folder for the caches of all keys. The folder need not exist.
func DefaultDir() (string, error) {
	dir, err := datasets.CacheDir()
	if err != nil {
		return "", err
	}
	return filepath.Join(dir, "embeddings"), nil
}

// Open reads the vectors stored under a key in dir. They are in a sub-folder named by the
// key's digest, which Open does not create. The key must distinguish all encoders whose
// vectors differ. Open skips files that belong to another key, and what is damaged, with a
// warning.
func Open(dir, key string) (*Cache, error) {
	c := &Cache{key: sha256.Sum256([]byte(key)), at: map[digest]location{}}
	name := hex.EncodeToString(c.key[:])
	c.dir = filepath.Join(dir, name)
	var err error
	if c.kept, err = store.Open(context.Background(), c.dir, "vectors "+name); err != nil {
		return nil, fmt.Errorf("vector cache: %w", err)
	}
	if bytes, ok := c.kept.FirstSize(); ok {
		c.dim = bytes / 4
	}
	return c, c.openSegments()
}

// Warnings lists what was skipped, with the reason. Checksums are checked when vectors are
// requested, so warnings may be added after Open.
func (c *Cache) Warnings() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	out := slices.Clone(c.warnings)
	for _, w := range c.kept.Warnings() {
		out = append(out, "vector cache: "+w)
	}
	return out
}

// Has reports whether the cache has a vector for a text, which may still turn out to be
// damaged.
func (c *Cache) Has(text string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	d := c.digest(text)
	_, ok := c.at[d]
	return ok || c.kept.Has(d)
}

// digest returns the key under which a text's vector is stored. It covers the cache's
// key, so that no file can serve a vector of another key.
func (c *Cache) digest(text string) (d digest) {
	h := sha256.New()
	h.Write(c.key[:])
	io.WriteString(h, text)
	h.Sum(d[:0])
	return d
}

// look writes the cached vectors to out and returns the positions of the missing ones, in
// ascending order.
func (c *Cache) look(digests []digest, out [][]float32) (missing []int, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	defer c.kept.Close()
	var rest []int
	for i, d := range digests {
		if out[i], err = c.get(d); err != nil {
			return nil, err
		}
		if out[i] == nil {
			rest = append(rest, i)
		}
	}
	return c.lookInSegments(rest, digests, out), nil
}

// get returns a vector from the store, nil if it has none.
func (c *Cache) get(d digest) ([]float32, error) {
	raw, ok, err := c.kept.Get(d)
	switch {
	case err != nil:
		return nil, fmt.Errorf("vector cache: %w", err)
	case !ok:
		return nil, nil
	case len(raw) != 4*c.dim:
		c.kept.Drop(d, fmt.Sprintf("a vector has %s, expected %d", text.Plural(len(raw)/4, "component"), c.dim))
		return nil, nil
	}
	return unpack(raw), nil
}

// put keeps new vectors.
func (c *Cache) put(digests []digest, vectors [][]float32) error {
	if err := c.check(vectors); err != nil {
		return err
	}
	values := make([][]byte, len(vectors))
	for i, v := range vectors {
		values[i] = pack(v)
	}
	if err := c.kept.PutAll(digests, values); err != nil {
		return fmt.Errorf("vector cache: %w", err)
	}
	return nil
}

// check returns an error for new vectors whose length differs from the others'.
func (c *Cache) check(vectors [][]float32) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	want := c.dim
	if want == 0 {
		want = len(vectors[0])
	}
	for _, v := range vectors {
		if len(v) != want || len(v) == 0 {
			return hint.With(fmt.Errorf("vector cache: a new vector has %s, those in %q have %d", text.Plural(len(v), "component"), c.dir, want),
				"if the server now has another model under the same name, remove that folder")
		}
	}
	c.dim = want
	return nil
}

// pack returns a vector as it is stored: little-endian float32.
func pack(vector []float32) []byte {
	out := make([]byte, 0, 4*len(vector))
	for _, x := range vector {
		out = binary.LittleEndian.AppendUint32(out, math.Float32bits(x))
	}
	return out
}

func unpack(raw []byte) []float32 {
	out := make([]float32, len(raw)/4)
	for k := range out {
		out[k] = math.Float32frombits(binary.LittleEndian.Uint32(raw[4*k:]))
	}
	return out
}
