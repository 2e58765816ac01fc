package cache

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/routellm/routellm/internal/text"
)

// location is the place of a text's vector in a segment.
type location struct {
	segment *segment
	row     int
}

// openSegments reads the files of earlier releases.
func (c *Cache) openSegments() error {
	entries, err := os.ReadDir(c.dir)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("vector cache: %w", err)
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
	return nil
}

func (c *Cache) warn(path string, err error) {
	c.warnings = append(c.warnings, fmt.Sprintf("vector cache: skipped %q: %v", path, err))
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

// lookInSegments writes the vectors of some positions to out and returns the positions that no
// segment has.
func (c *Cache) lookInSegments(positions []int, digests []digest, out [][]float32) (missing []int) {
	for whole := false; !whole; {
		var wanted map[*segment][]int
		wanted, missing = c.locate(positions, digests)
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
func (c *Cache) locate(positions []int, digests []digest) (wanted map[*segment][]int, missing []int) {
	wanted = map[*segment][]int{}
	for _, i := range positions {
		if l, ok := c.at[digests[i]]; ok {
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
