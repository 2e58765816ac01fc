package pricelist

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/tidwall/gjson"

	"github.com/routellm/routellm/internal/fault"
	"github.com/routellm/routellm/internal/hint"
)

// maxSize is the largest list that is read, decompressed: twenty times the largest known one.
const maxSize = 64 << 20

// Read reads a list of prices from a file, plain or compressed.
func Read(ctx context.Context, path string) (*List, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("%q: %w", path, fault.Cause(err))
	}
	data, err := plain(raw)
	if err != nil {
		return nil, fmt.Errorf("%q: %w", path, err)
	}
	sum := sha256.Sum256(raw)
	l := &List{Path: path, SHA256: hex.EncodeToString(sum[:]), entries: map[string]*entry{}, rules: map[string][]rule{}}
	if err := l.parse(ctx, data); err != nil {
		return nil, err
	}
	if l.Len() == 0 {
		return nil, hint.With(fmt.Errorf("%q: found no prices", path), formatsHint)
	}
	return l, nil
}

// formatsHint says what lists are read.
const formatsHint = "a list of prices is a table with the columns model, input and output (USD per million tokens), or the JSON file of LiteLLM, models.dev or genai-prices"

// plain returns the decompressed bytes of a file, without a byte order mark.
func plain(raw []byte) ([]byte, error) {
	if bytes.HasPrefix(raw, []byte{0x1f, 0x8b}) {
		zr, err := gzip.NewReader(bytes.NewReader(raw))
		if err == nil {
			raw, err = io.ReadAll(io.LimitReader(zr, maxSize+1))
		}
		if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
			return nil, errors.New("the file is cut off: its gzip data has no end")
		}
		if err != nil {
			return nil, err
		}
	}
	if len(raw) > maxSize {
		return nil, fmt.Errorf("the file has more than %d MB, expected a list of prices", maxSize>>20)
	}
	return bytes.TrimPrefix(raw, []byte("\ufeff")), nil
}

// parse adds the models of a file, in the format that its shape shows.
func (l *List) parse(ctx context.Context, data []byte) error {
	trimmed := bytes.TrimSpace(data)
	if len(trimmed) == 0 {
		return hint.With(fmt.Errorf("%q: the file is empty", l.Path), formatsHint)
	}
	if trimmed[0] != '{' && trimmed[0] != '[' {
		return l.table(ctx)
	}
	if !gjson.ValidBytes(data) {
		if lines(trimmed) {
			return l.table(ctx)
		}
		return l.damaged(data)
	}
	doc := gjson.ParseBytes(data)
	for _, f := range []struct {
		name string
		is   func(gjson.Result) bool
		add  func(gjson.Result)
	}{{"genai-prices", isGenAI, l.genAI}, {"models.dev", isModelsDev, l.modelsDev}, {"LiteLLM", isLiteLLM, l.liteLLM}} {
		if f.is(doc) {
			l.Format = f.name
			f.add(doc)
			return nil
		}
	}
	return l.table(ctx)
}

// lines reports whether the first line is a JSON object by itself.
func lines(data []byte) bool {
	first, rest, _ := bytes.Cut(data, []byte("\n"))
	return len(bytes.TrimSpace(rest)) > 0 && gjson.ValidBytes(first)
}

// damaged returns the error of a file that is no JSON, with the line of the first defect.
func (l *List) damaged(data []byte) error {
	var syntax *json.SyntaxError
	var any json.RawMessage
	if err := json.Unmarshal(data, &any); errors.As(err, &syntax) {
		line := 1 + bytes.Count(data[:min(int(syntax.Offset), len(data))], []byte("\n"))
		return fmt.Errorf("%q: line %d: found damaged JSON (%w), expected a list of prices", l.Path, line, err)
	}
	return fmt.Errorf("%q: found damaged JSON, expected a list of prices", l.Path)
}
