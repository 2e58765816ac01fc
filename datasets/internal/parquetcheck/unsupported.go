package parquetcheck

import (
	"errors"
	"fmt"
	"io/fs"

	"github.com/routellm/routellm/internal/hint"

	"github.com/parquet-go/parquet-go/format"
)

// unsupported is an error about a sound file that uses a part of Parquet which this program
// does not read.
type unsupported struct{ what, advice string }

// Error returns what the file uses.
func (u *unsupported) Error() string { return u.what }

var (
	errEncrypted = &unsupported{"the file is encrypted", "decrypt it: write the file again without encryption"}
	errElsewhere = &unsupported{"its columns lie in other files, as in a _metadata file of Spark or Dask", "name one of the data files instead"}
)

// Codec returns the error about a column that is compressed by another codec. LZ4 is the
// deprecated one of Hadoop, which has no fixed form; that of today is LZ4_RAW.
func Codec(codec format.CompressionCodec) error {
	return &unsupported{fmt.Sprintf("compressed by %s, expected zstd, snappy, gzip, brotli, LZ4_RAW or none", codec),
		`write the file again with another codec, as df.to_parquet(path, compression="zstd") does`}
}

// Encoding returns the error about a page in an encoding that is not read.
func Encoding(encoding format.Encoding) error {
	return &unsupported{fmt.Sprintf("encoded by %s", encoding),
		"write the file again with the encodings PLAIN or RLE_DICTIONARY, the defaults of most writers"}
}

// Damaged wraps err, which says what is wrong with a file, as damage to its bytes, with
// the hint to write the file again. It tells apart files that are sound but use what this
// program does not read, and returns errors of the file system as they are.
func Damaged(err error) error {
	var u *unsupported
	var file *fs.PathError
	switch {
	case errors.As(err, &file):
		return err
	case errors.As(err, &u):
	default:
		return hint.With(fmt.Errorf("damaged Parquet: %w", err), "copy or write the file again")
	}
	return hint.With(fmt.Errorf("unsupported Parquet: %w", err), u.advice)
}
