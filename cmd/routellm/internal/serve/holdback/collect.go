package holdback

import (
	"compress/gzip"
	"errors"
	"io"
	"net/http"
	"strings"

	"github.com/routellm/routellm/cmd/routellm/internal/serve/upstream"
)

// reader is the body of an answer in memory.
type reader struct{ io.Reader }

// Close does nothing.
func (reader) Close() error { return nil }

// collect reads the body of an answer to its end. It counts the answer's bytes and its tokens in to.
func (a Asker) collect(res *http.Response, to *Answer) (string, error) {
	in, err := plain(res)
	if err != nil {
		return "", err
	}
	var text strings.Builder
	part := make([]byte, 16<<10)
	for {
		n, err := in.Read(part)
		if int64(text.Len()+n) > a.Bytes || !a.Memory.Hold(int64(n), a.All) {
			return "", &upstream.Failure{Kind: upstream.TooLarge}
		}
		to.bytes += int64(n)
		text.Write(part[:n])
		_, _ = to.Usage.Write(part[:n])
		if err == io.EOF {
			return text.String(), nil
		}
		if err != nil {
			return "", broken(err)
		}
	}
}

// plain returns a reader of an answer's body without the compression that some servers use unasked.
func plain(res *http.Response) (io.Reader, error) {
	switch strings.ToLower(res.Header.Get("Content-Encoding")) {
	case "", "identity":
		return res.Body, nil
	case "gzip", "x-gzip":
		in, err := gzip.NewReader(res.Body)
		if err != nil {
			return nil, broken(err)
		}
		return in, nil
	}
	return nil, &upstream.Failure{Kind: upstream.Unreadable}
}

// broken returns the failure for an error of reading: that of the connection, or a wrong compression.
func broken(err error) error {
	if f := (*upstream.Failure)(nil); errors.As(err, &f) {
		return f
	}
	return &upstream.Failure{Kind: upstream.Unreadable}
}
