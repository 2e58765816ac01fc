package parquetcheck

import (
	"errors"
	"io"

	"github.com/parquet-go/parquet-go/format"
)

// ErrShortColumn says that a column's pages hold fewer values than the file claims.
var ErrShortColumn = errors.New("ends before the last row")

var errPageHeader = errors.New("malformed page header")

// MaxPage bounds the size of one page after decompression, in bytes. Writers aim for 1 MiB, but
// fastparquet writes a page per row group.
const MaxPage = 1 << 30

// Field ids of Parquet's PageHeader and its parts:
// https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift
const (
	pageType             = 1
	pageUncompressedSize = 2
	pageCompressedSize   = 3
	pageCRC              = 4
	pageDataV1           = 5
	pageDictionary       = 7
	pageDataV2           = 8

	pageNumValues       = 1 // of each kind of page
	pageEncoding        = 2 // of data pages V1
	pageDefinitions     = 3
	pageRepetitions     = 4
	pageEncodingV2      = 4
	pageDefinitionBytes = 5
	pageRepetitionBytes = 6
	pageIsCompressed    = 7
)

// PageHeader describes the page that follows it in the file.
type PageHeader struct {
	Type             format.PageType
	Size             int64  // bytes of the header itself
	Compressed       int64  // bytes of the page behind it
	Uncompressed     int64  // bytes of that page after decompression
	CRC              uint32 // checksum of the compressed page; 0 if the writer gives none
	Values           int64  // values in the page, nulls and empty lists included
	Encoding         format.Encoding
	RepetitionLevels format.Encoding // encoding of the levels of a data page V1
	DefinitionLevels format.Encoding
	RepetitionBytes  int64 // length of the levels, in a data page V2
	DefinitionBytes  int64
	IsCompressed     bool // false in a data page V2 whose values are not compressed
}

// ReadPageHeader reads the header at offset at of a column chunk that ends at end and has left
// values left. It enlarges buf until the header fits. It refuses sizes and counts that the chunk
// cannot hold.
func ReadPageHeader(r io.ReaderAt, at, end, left int64, buf *[]byte) (PageHeader, error) {
	h, err := readPageHeader(r, at, end, buf)
	if err != nil {
		return h, err
	}
	bad := h.Uncompressed < 0 || h.Uncompressed > MaxPage || h.Compressed < 0 || h.Compressed > end-at-h.Size
	bad = bad || h.Values < 0 || h.Values > MaxPage/8 || h.RepetitionBytes < 0 || h.DefinitionBytes < 0
	switch h.Type {
	case format.DictionaryPage:
		bad = bad || h.Values > 8*h.Uncompressed
	case format.DataPage, format.DataPageV2:
		bad = bad || h.Values > left || h.RepetitionBytes+h.DefinitionBytes > min(h.Compressed, h.Uncompressed)
	}
	if bad {
		return h, errPageHeader
	}
	return h, nil
}

func readPageHeader(r io.ReaderAt, at, end int64, buf *[]byte) (PageHeader, error) {
	if len(*buf) == 0 {
		*buf = make([]byte, 512)
	}
	for {
		n := int(min(int64(len(*buf)), end-at))
		if _, err := r.ReadAt((*buf)[:n], at); err != nil && !(err == io.EOF && n == 0) {
			return PageHeader{}, err
		}
		h, err := parsePageHeader((*buf)[:n])
		if err == nil || int64(n) == end-at {
			return h, err
		}
		*buf = make([]byte, 4*len(*buf))
	}
}

func parsePageHeader(b []byte) (PageHeader, error) {
	h := PageHeader{IsCompressed: true}
	w := walk{b: b, visit: func(path []int, v int64) {
		switch len(path) {
		case 1:
			h.set(path[0], v)
		case 2:
			h.setPart(path[0], path[1], v)
		}
	}}
	err := w.structure()
	h.Size = int64(len(b) - len(w.b))
	return h, err
}

// set sets a field of the header itself.
func (h *PageHeader) set(id int, v int64) {
	switch id {
	case pageType:
		h.Type = format.PageType(v)
	case pageUncompressedSize:
		h.Uncompressed = v
	case pageCompressedSize:
		h.Compressed = v
	case pageCRC:
	}
}

// setPart sets a field of the part of the header that describes one kind of page.
func (h *PageHeader) setPart(part, id int, v int64) {
	switch {
	case id == pageNumValues && (part == pageDataV1 || part == pageDataV2 || part == pageDictionary):
		h.Values = v
	case part == pageDataV1 || part == pageDictionary:
		switch id {
		case pageEncoding:
			h.Encoding = format.Encoding(v)
		case pageDefinitions:
			h.DefinitionLevels = format.Encoding(v)
		case pageRepetitions:
			h.RepetitionLevels = format.Encoding(v)
		}
	case part == pageDataV2:
		switch id {
		case pageEncodingV2:
			h.Encoding = format.Encoding(v)
		case pageDefinitionBytes:
			h.DefinitionBytes = v
		case pageRepetitionBytes:
			h.RepetitionBytes = v
		case pageIsCompressed:
			h.IsCompressed = v == 1
		}
	}
}
