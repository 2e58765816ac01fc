package parquetfile

import (
	"bytes"
	"errors"

	"github.com/routellm/routellm/datasets/internal/parquetcheck"

	"github.com/parquet-go/parquet-go/format"
)

// plainDictionary is the deprecated name of RLE_DICTIONARY, which older files have.
const plainDictionary format.Encoding = 2

// page holds one decoded data page.
type page struct {
	n        int     // values, nulls and empty lists included
	rep, def []byte  // one level per value; nil if the column has none
	indexes  []int32 // indexes of the non-null values in the dictionary; nil if values holds them
	values   values
}

// levelsV1 decompresses a page and decodes the levels at its start.
func (p *pager) levelsV1(h parquetcheck.PageHeader) (data []byte, err error) {
	if data, err = p.decompress(p.raw, int(h.Uncompressed)); err != nil {
		return nil, err
	}
	if p.leaf.rep > 0 {
		if p.rep, data, err = levelsV1(p.rep, data, h.RepetitionLevels, p.leaf.rep, p.page.n); err != nil {
			return nil, err
		}
		p.page.rep = p.rep
	}
	if p.leaf.def > 0 {
		p.def, data, err = levelsV1(p.def, data, h.DefinitionLevels, p.leaf.def, p.page.n)
		p.page.def = p.def
	}
	return data, err
}

// levelsV2 decodes the levels in front of the compressed values. Levels that the column cannot
// have are skipped: https://github.com/apache/parquet-testing/pull/24
func (p *pager) levelsV2(h parquetcheck.PageHeader) (data []byte, err error) {
	rep, rest := p.raw[:h.RepetitionBytes], p.raw[h.RepetitionBytes:]
	def, data := rest[:h.DefinitionBytes], rest[h.DefinitionBytes:]
	if p.leaf.rep > 0 {
		if p.rep, err = levels(p.rep, rep, p.leaf.rep, p.page.n); err != nil {
			return nil, err
		}
		p.page.rep = p.rep
	}
	if p.leaf.def > 0 {
		if p.def, err = levels(p.def, def, p.leaf.def, p.page.n); err != nil {
			return nil, err
		}
		p.page.def = p.def
	}
	size := int(h.Uncompressed - h.RepetitionBytes - h.DefinitionBytes)
	if !h.IsCompressed || size == 0 || len(data) == 0 { // Spark compresses nothing to nothing
		return data, nil
	}
	return p.decompress(data, size)
}

func (p *pager) decompress(src []byte, size int) (data []byte, err error) {
	if data, err = decompress(p.plain, src, p.codec, size); err == nil && p.codec != format.Uncompressed {
		p.plain = data
	}
	return data, err
}

// decode decodes the non-null values of a page.
func (p *pager) decode(h parquetcheck.PageHeader, data []byte) (err error) {
	n := p.page.present(p.leaf, 0, p.page.n)
	if h.Encoding != format.RLEDictionary && h.Encoding != plainDictionary {
		p.page.values, err = decode(p.leaf.elem, h.Encoding, data, n)
		return err
	}
	if p.dict == nil && n > 0 {
		return errors.New("a page has no dictionary")
	}
	if p.indexes, err = indexes(p.indexes, data, n); err == nil {
		p.page.indexes = p.indexes
	}
	return err
}

// present returns the number of non-null values among the entries [from, to).
func (p *page) present(leaf *node, from, to int) int {
	if p.def == nil {
		return to - from
	}
	return bytes.Count(p.def[from:to], []byte{leaf.def})
}
