package parquetfile

import (
	"errors"
	"hash/crc32"
	"io"
	"slices"

	"github.com/routellm/routellm/datasets/internal/parquetcheck"

	"github.com/parquet-go/parquet-go/format"
)

var errChecksum = errors.New("a page does not have its checksum")

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
	groups := layoutOf(p.file).meta.RowGroups
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
