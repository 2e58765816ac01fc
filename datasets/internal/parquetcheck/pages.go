package parquetcheck

import (
	"errors"
	"io"

	"github.com/parquet-go/parquet-go/format"
)

// ErrShortColumn says that a column's pages hold fewer values than the file claims.
var ErrShortColumn = errors.New("ends before the last row")

var errPageHeader = errors.New("malformed page header")

// maxPage bounds the size of one page after decompression, in bytes. Writers aim for 1 MiB.
const maxPage = 1 << 30

// Field ids of Parquet's PageHeader:
// https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift
const (
	pageUncompressedSize = 2
	pageCompressedSize   = 3
	pageDataV1           = 5
	pageDictionary       = 7
	pageDataV2           = 8
	pageNumValues        = 1
)

// Pages walks the page headers of one column chunk, which holds the given number of
// values, nulls included. It refuses sizes and counts that parquet-go would allocate
// memory for and that the chunk cannot hold.
func Pages(r io.ReaderAt, chunk *format.ColumnMetaData, values int64) error {
	switch chunk.Codec {
	case format.Uncompressed, format.Snappy, format.Gzip, format.Brotli, format.Zstd:
	default: // parquet-go's LZ4 doubles its buffer without end on corrupt input
		return unsupportedCodec(chunk.Codec)
	}
	at := chunkStart(chunk)
	end := at + chunk.TotalCompressedSize
	buf := make([]byte, 512)
	for at < end && values > 0 {
		h, err := readPageHeader(r, at, end, &buf)
		if err != nil {
			return err
		}
		at += h.size
		bad := h.uncompressed < 0 || h.uncompressed > maxPage || h.compressed < 0 || h.compressed > end-at
		bad = bad || h.values < 0 || h.values > maxPage/8 || h.values > values
		if bad || h.dictionary < 0 || h.dictionary > 8*h.uncompressed {
			return errPageHeader
		}
		at += h.compressed
		values -= h.values
	}
	if values > 0 {
		return ErrShortColumn
	}
	return nil
}

// pageHeader holds the claims of one page header.
type pageHeader struct {
	size                     int64 // bytes of the header itself
	uncompressed, compressed int64 // bytes of the page behind it
	values                   int64 // values in a data page
	dictionary               int64 // values in a dictionary page
}

// readPageHeader reads the header at offset at. It enlarges buf until the header fits.
func readPageHeader(r io.ReaderAt, at, end int64, buf *[]byte) (pageHeader, error) {
	for {
		n := int(min(int64(len(*buf)), end-at))
		if _, err := r.ReadAt((*buf)[:n], at); err != nil {
			return pageHeader{}, err
		}
		h, err := parsePageHeader((*buf)[:n])
		if err == nil || int64(n) == end-at {
			return h, err
		}
		*buf = make([]byte, 4*len(*buf))
	}
}

func parsePageHeader(b []byte) (pageHeader, error) {
	var h pageHeader
	w := walk{b: b, visit: func(path []int, v int64) {
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
	h.size = int64(len(b) - len(w.b))
	return h, err
}
