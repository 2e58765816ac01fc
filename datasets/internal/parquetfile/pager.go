package parquetfile

import (
	"bytes"
	"errors"
	"hash/crc32"
	"io"
	"slices"

	"github.com/routellm/routellm/datasets/internal/parquetcheck"

	"github.com/parquet-go/parquet-go/format"
)

var errChecksum = errors.New("a page does not have its checksum")

// plainDictionary is the deprecated name of RLE_DICTIONARY, which older files have.
const plainDictionary format.Encoding = 2

// page holds one decoded data page.
type page struct {
	n        int     // values, nulls and empty lists included
	rep, def []byte  // one level per value; nil if the column has none
	indexes  []int32 // indexes of the non-null values in the dictionary; nil if values holds them
	values   values
}

// pager reads the data pages of one leaf through all row groups.
type pager struct {
	file    *File
	leaf    *node
	group   int   // index of the row group after the open chunk
	at, end int64 // offsets of the next page and of the chunk's end
	left    int64 // values still to be read from the open chunk
	codec   format.CompressionCodec
	dict    *values // dictionary of the open chunk; nil if it has none
	page    page    // the last page, valid until the next one is read

	head, raw, plain []byte // memory that is used again
	rep, def         []byte
	indexes          []int32
}

// next reads the next data page into p.page. A column without another page is an error.
func (p *pager) next() error {
	for {
		for p.left == 0 {
			if err := p.open(); err != nil {
				return err
			}
		}
		if p.at >= p.end {
			return parquetcheck.ErrShortColumn
		}
		h, err := parquetcheck.ReadPageHeader(p.file.reader, p.at, p.end, p.left, &p.head)
		if err != nil {
			return err
		}
		p.at += h.Size
		isData, err := p.read(h)
		if p.at += h.Compressed; err != nil || isData {
			return err
		}
	}
}

// open opens the column chunk of the next row group.
func (p *pager) open() error {
	groups := p.file.meta.RowGroups
	if p.group == len(groups) {
		return parquetcheck.ErrShortColumn
	}
	chunk := &groups[p.group].Columns[p.leaf.leaf].Chunk
	p.left = groups[p.group].Rows
	if p.leaf.rep > 0 { // a row holds at least one value or null
		p.left = max(p.left, chunk.Values)
	}
	p.at, p.end = chunk.Start(), chunk.Start()+chunk.Size
	p.codec, p.dict = chunk.Codec, nil
	p.group++
	if !slices.Contains(codecs, p.codec) {
		return parquetcheck.Codec(p.codec)
	}
	return nil
}

// read reads the page at p.at, and reports whether it is a data page.
func (p *pager) read(h parquetcheck.PageHeader) (bool, error) {
	switch h.Type {
	case format.DictionaryPage:
		return false, p.readDictionary(h)
	case format.DataPage, format.DataPageV2:
	default:
		return false, nil // an index page, which no writer writes
	}
	var err error
	if p.raw, err = p.bytes(p.raw, h); err != nil {
		return true, err
	}
	p.page = page{n: int(h.Values)}
	var data []byte
	if h.Type == format.DataPage {
		data, err = p.levelsV1(h)
	} else {
		data, err = p.levelsV2(h)
	}
	if err != nil {
		return true, err
	}
	p.left -= h.Values
	return true, p.decode(h, data)
}

// bytes reads the bytes of a page into memory that it takes from buf.
func (p *pager) bytes(buf []byte, h parquetcheck.PageHeader) ([]byte, error) {
	buf = sized(buf, int(h.Compressed))
	if n, err := p.file.reader.ReadAt(buf, p.at); n < len(buf) {
		if err == io.EOF {
			err = parquetcheck.ErrShortColumn
		}
		return buf, err
	}
	if h.CRC != 0 && crc32.ChecksumIEEE(buf) != h.CRC {
		return buf, errChecksum
	}
	return buf, nil
}

func (p *pager) readDictionary(h parquetcheck.PageHeader) error {
	raw, err := p.bytes(nil, h)
	if err != nil {
		return err
	}
	if raw, err = decompress(nil, raw, p.codec, int(h.Uncompressed)); err != nil {
		return err
	}
	dict, err := newValues(p.leaf.elem, raw, int(h.Values))
	p.dict = &dict
	return err
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
