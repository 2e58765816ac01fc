package parquetcheck

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/routellm/routellm/internal/hint"

	"github.com/parquet-go/parquet-go/encoding"
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

// unsupportedCodec returns the error about a column that is compressed by another codec.
func unsupportedCodec(codec format.CompressionCodec) error {
	return &unsupported{fmt.Sprintf("compressed by %s, expected zstd, snappy, gzip, brotli or none", codec),
		`write the file again with another codec, as df.to_parquet(path, compression="zstd") does`}
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
	case errors.Is(err, encoding.ErrNotSupported):
		u = &unsupported{advice: "write the file again with the encodings PLAIN or RLE_DICTIONARY, the defaults of most writers"}
	case strings.Contains(err.Error(), "DecryptionConfig"): // parquet-go's error for a readable footer
		u, err = errEncrypted, errEncrypted
	default:
		return hint.With(fmt.Errorf("damaged Parquet: %w", err), "copy or write the file again")
	}
	return hint.With(fmt.Errorf("unsupported Parquet: %w", err), u.advice)
}
