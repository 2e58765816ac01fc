package datasets

import (
	"errors"
	"fmt"
	"io"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/format"
)

// pager hands out the data pages of one column across all row groups.
type pager struct {
	src    *source
	leaf   int
	nested bool          // a row may have several values
	group  int           // behind the open chunk's
	pages  parquet.Pages // nil between chunks
	left   int64         // values the open chunk still owes
}

var (
	errShortColumn = errors.New("ends before the last row")
	errPageHeader  = errors.New("malformed page header")
)

// next returns the next page, which is valid until it is released; there must be one.
func (p *pager) next() (parquet.Page, error) {
	for p.pages == nil || p.left == 0 {
		p.close()
		groups := p.src.file.RowGroups()
		if p.group == len(groups) {
			return nil, errShortColumn
		}
		p.left = groups[p.group].NumRows()
		if p.nested { // a row has at least one value or null
			p.left = max(p.left, p.src.file.Metadata().RowGroups[p.group].Columns[p.leaf].MetaData.NumValues)
		}
		if err := p.src.checkPages(p.group, p.leaf, p.left); err != nil {
			return nil, err
		}
		p.pages = groups[p.group].ColumnChunks()[p.leaf].Pages()
		p.group++
	}
	page, err := p.pages.ReadPage()
	if err == io.EOF || errors.Is(err, io.ErrUnexpectedEOF) {
		err = errShortColumn
	}
	if err != nil {
		return nil, err
	}
	if p.left -= page.NumValues(); p.left < 0 {
		return nil, errShortColumn
	}
	return page, nil
}

func (p *pager) close() {
	if p.pages != nil {
		p.pages.Close() // only returns buffers to a pool
		p.pages = nil
	}
}

// maxPage bounds one page once decompressed. Writers aim for 1 MiB.
const maxPage = 1 << 30

// Fields of Parquet's PageHeader: https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift
const (
	pageUncompressedSize = 2
	pageCompressedSize   = 3
	pageDataV1           = 5
	pageDictionary       = 7
	pageDataV2           = 8
	pageNumValues        = 1
)

// pageSizes is what one page header claims.
type pageSizes struct {
	header                   int64
	uncompressed, compressed int64
	values, dictionary       int64
}

// checkPages walks the page headers of one chunk, which has so many values, nulls included, and refuses claims that parquet-go
// would allocate for and the chunk cannot keep.
func (s *source) checkPages(group, leaf int, values int64) error {
	m := s.file.Metadata().RowGroups[group].Columns[leaf].MetaData
	at := chunkStart(m)
	switch m.Codec {
	case format.Uncompressed, format.Snappy, format.Gzip, format.Brotli, format.Zstd:
	default: // parquet-go's LZ4 doubles its buffer without end on corrupt input
		return fmt.Errorf("compressed by %s, expected zstd, snappy, gzip, brotli or none", m.Codec)
	}
	end := at + m.TotalCompressedSize
	buf := make([]byte, 512)
	for at < end && values > 0 {
		h, err := s.pageHeader(at, end, &buf)
		if err != nil {
			return err
		}
		at += h.header + h.compressed
		values -= h.values
		bad := h.uncompressed < 0 || h.compressed < 0 || h.uncompressed > maxPage || at > end
		bad = bad || h.values < 0 || h.values > maxPage/8 || values < 0
		if bad || h.dictionary < 0 || h.dictionary > 8*h.uncompressed {
			return errPageHeader
		}
	}
	if values > 0 {
		return errShortColumn
	}
	return nil
}

// pageHeader reads the header at offset at, growing buf until it holds all of it.
func (s *source) pageHeader(at, end int64, buf *[]byte) (pageSizes, error) {
	for {
		n := int(min(int64(len(*buf)), end-at))
		if _, err := s.reader.ReadAt((*buf)[:n], at); err != nil {
			return pageSizes{}, err
		}
		h, err := parsePageHeader((*buf)[:n])
		if err == nil || int64(n) == end-at {
			return h, err
		}
		*buf = make([]byte, 4*len(*buf))
	}
}

func parsePageHeader(b []byte) (pageSizes, error) {
	var h pageSizes
	w := thriftWalk{b: b, visit: func(path []int, v int64) {
		switch {
		case len(path) == 1 && path[0] == pageUncompressedSize:
			h.uncompressed = v
		case len(path) == 1 && path[0] == pageCompressedSize:
			h.compressed = v
		case len(path) != 2 || path[1] != pageNumValues:
		case path[0] == pageDataV1 || path[0] == pageDataV2:
			h.values = v
		case path[0] == pageDictionary:
			h.dictionary = v
		}
	}}
	err := w.structure()
	h.header = int64(len(b) - len(w.b))
	return h, err
}
