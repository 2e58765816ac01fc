package parquetfile

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"sync"

	"github.com/routellm/routellm/datasets/internal/parquetcheck"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/snappy"
	"github.com/klauspost/compress/zstd"
	"github.com/parquet-go/parquet-go/format"
	"github.com/pierrec/lz4/v4"
)

// codecs lists the codecs that decompress knows.
var codecs = []format.CompressionCodec{format.Uncompressed, format.Snappy, format.Lz4Raw, format.Zstd, format.Gzip, format.Brotli}

var errCompressed = errors.New("a page does not decompress to the size in its header")

// zstdDecoder decodes whole pages, in any number of goroutines.
var zstdDecoder = sync.OnceValue(func() *zstd.Decoder {
	d, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(0), zstd.WithDecoderMaxMemory(parquetcheck.MaxPage))
	if err != nil {
		panic(err) // the options are constant
	}
	return d
})

// decompress returns the size bytes that src stands for, in memory that it takes from buf if it
// suffices. codec is one of codecs. It never takes more than the codec can make of src.
func decompress(buf, src []byte, codec format.CompressionCodec, size int) ([]byte, error) {
	var out []byte
	var err error
	switch codec {
	case format.Uncompressed:
		out = src
	case format.Snappy:
		if n, lenErr := snappy.DecodedLen(src); lenErr != nil || n != size || n > 64*len(src) {
			return nil, errCompressed
		}
		out, err = snappy.Decode(sized(buf, size), src)
	case format.Lz4Raw:
		if size > 256*len(src) {
			return nil, errCompressed
		}
		out = sized(buf, size)
		var n int
		n, err = lz4.UncompressBlock(src, out)
		out = out[:max(n, 0)]
	case format.Zstd:
		var h zstd.Header
		if h.Decode(src) == nil && h.HasFCS && h.FrameContentSize > uint64(size) {
			return nil, errCompressed
		}
		out, err = zstdDecoder().DecodeAll(src, buf[:0])
	case format.Gzip:
		var r *gzip.Reader
		if r, err = gzip.NewReader(bytes.NewReader(src)); err == nil {
			out, err = readSized(buf, r, size)
		}
	case format.Brotli:
		out, err = readSized(buf, brotli.NewReader(bytes.NewReader(src)), size)
	}
	if err != nil || len(out) != size {
		return nil, errCompressed
	}
	return out, nil
}

// sized returns memory of size bytes.
func sized(buf []byte, size int) []byte { return slices.Grow(buf[:0], size)[:size] }

// readSized reads size bytes, and takes memory only for those that come.
func readSized(buf []byte, r io.Reader, size int) ([]byte, error) {
	b := bytes.NewBuffer(buf[:0])
	_, err := io.Copy(b, io.LimitReader(r, int64(size)))
	return b.Bytes(), err
}
