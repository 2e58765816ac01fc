// Package cache keeps vectors in files, so that each text is paid for only once. Call
// [Open] for the cache of an encoder in a folder, usually [DefaultDir], and [Wrap] for an
// encoder that uses it.
package cache

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"sync"

	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/text"

	"github.com/routellm/routellm/datasets"
)

// Cache holds the vectors of one encoder, in a folder of segment files. Vectors stay on
// disk until they are requested: one million texts take about 100 MB of memory. A Cache
// is safe for concurrent use. Two processes may share a folder; neither sees what the
// other adds after Open.
type Cache struct {
	dir string
	key digest

	mu       sync.Mutex
	dim      int // number of components of every vector; 0 while there are none
	segments []*segment
	at       map[digest]location
	warnings []string
}

// location is the place of a text's vector.
type location struct {
	segment *segment
	row     int
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
// vectors differ. Open skips files that are incomplete or belong to another key, with a
// warning.
func Open(dir, key string) (*Cache, error) {
	c := &Cache{key: sha256.Sum256([]byte(key)), at: map[digest]location{}}
	c.dir = filepath.Join(dir, hex.EncodeToString(c.key[:]))
	// A missing folder is an empty cache. An unreadable one is an error: its texts
	// would be paid for twice.
	entries, err := os.ReadDir(c.dir)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("vector cache: %w", err)
	}
	for _, entry := range entries {
		if path := filepath.Join(c.dir, entry.Name()); filepath.Ext(path) == extension {
			s, err := openSegment(path, c.key)
			if err == nil {
				err = c.add(s)
			}
			if err != nil {
				c.warn(path, err)
			}
		}
	}
	return c, nil
}

// Warnings lists the files that were skipped, with the reason. A file's checksum is
// checked when its first vector is requested, so warnings may be added after Open.
func (c *Cache) Warnings() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.warnings)
}

// Has reports whether the cache has a vector for a text. The vector's file may still turn
// out to be damaged.
func (c *Cache) Has(text string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	_, ok := c.at[c.digest(text)]
	return ok
}

func (c *Cache) warn(path string, err error) {
	c.warnings = append(c.warnings, fmt.Sprintf("vector cache: skipped %q: %v", path, err))
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

// add adds a segment's vectors to the cache.
func (c *Cache) add(s *segment) error {
	if c.dim != 0 && s.dim != c.dim {
		return fmt.Errorf("its vectors have %s, expected %d", text.Plural(s.dim, "component"), c.dim)
	}
	c.dim = s.dim
	c.segments = append(c.segments, s)
	c.index(s)
	return nil
}

func (c *Cache) index(s *segment) {
	for row, d := range s.digests {
		c.at[d] = location{s, row}
	}
}

// drop removes a segment that turned out to be damaged. Other segments may have its
// texts.
func (c *Cache) drop(s *segment, why error) {
	c.warn(s.path, why)
	c.segments = slices.DeleteFunc(c.segments, func(other *segment) bool { return other == s })
	clear(c.at)
	for _, other := range c.segments {
		c.index(other)
	}
}

// look writes the cached vectors to out and returns the positions of the missing ones, in
// ascending order.
func (c *Cache) look(digests []digest, out [][]float32) (missing []int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for whole := false; !whole; {
		var wanted map[*segment][]int
		wanted, missing = c.locate(digests)
		whole = true
		for s, positions := range wanted {
			if err := c.read(s, positions, digests, out); err != nil {
				c.drop(s, err)
				whole = false
			}
		}
	}
	return missing
}

// locate returns the positions that each segment has, and those that no segment has.
func (c *Cache) locate(digests []digest) (wanted map[*segment][]int, missing []int) {
	wanted = map[*segment][]int{}
	for i, d := range digests {
		if l, ok := c.at[d]; ok {
			wanted[l.segment] = append(wanted[l.segment], i)
		} else {
			missing = append(missing, i)
		}
	}
	return wanted, missing
}

// read writes the vectors of one segment to out.
func (c *Cache) read(s *segment, positions []int, digests []digest, out [][]float32) error {
	rows := make([]int, len(positions))
	for k, i := range positions {
		rows[k] = c.at[digests[i]].row
	}
	vectors, err := s.read(rows)
	for k, v := range vectors {
		out[positions[k]] = v
	}
	return err
}

// store writes a segment of new vectors.
func (c *Cache) store(digests []digest, vectors [][]float32) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, v := range vectors {
		want := c.dim
		if want == 0 {
			want = len(vectors[0])
		}
		if len(v) != want || len(v) == 0 {
			return hint.With(fmt.Errorf("vector cache: a new vector has %s, those in %q have %d", text.Plural(len(v), "component"), c.dir, want),
				"if the server now has another model under the same name, remove that folder")
		}
	}
	if err := os.MkdirAll(c.dir, 0o755); err != nil {
		return fmt.Errorf("vector cache: %w", err)
	}
	s, err := writeSegment(c.dir, c.key, digests, vectors)
	if err != nil {
		return fmt.Errorf("vector cache: %w", err)
	}
	return c.add(s)
}
