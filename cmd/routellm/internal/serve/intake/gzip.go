package intake

import (
	"compress/gzip"
	"io"
	"net/http"
	"strings"
)

// isZipped reports whether a body is compressed with gzip, and returns [ErrEncoding] for any
// other compression.
func isZipped(h http.Header) (bool, error) {
	switch strings.ToLower(strings.Join(h.Values("Content-Encoding"), ",")) {
	case "", "identity":
		return false, nil
	case "gzip", "x-gzip":
		return true, nil
	}
	return false, ErrEncoding
}

// unzipped decompresses a body up to a size.
type unzipped struct {
	in    io.Reader
	zip   *gzip.Reader
	limit int64 // in bytes, decompressed
	n     int64 // bytes so far
}

// Read returns a *http.MaxBytesError once the body has become too large.
func (u *unzipped) Read(p []byte) (n int, err error) {
	if u.zip == nil { // only now, for it reads the first bytes
		if u.zip, err = gzip.NewReader(u.in); err != nil {
			return 0, earlyEnd(err)
		}
	}
	n, err = u.zip.Read(p)
	if u.n += int64(n); u.n > u.limit {
		return 0, &http.MaxBytesError{Limit: u.limit}
	}
	return n, err
}

// earlyEnd turns the end of the body before its first compressed byte into an error.
func earlyEnd(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}
