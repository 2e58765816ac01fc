package rows

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/routellm/routellm/internal/fault"
)

// rowError returns the error about one cell of a file. row is counted from 1.
func rowError(name string, row int, column, found, expected string) error {
	return fmt.Errorf("%q: row %d, column %q: found %s, expected %s", name, row, column, found, expected)
}

// fileError prefixes err with the quoted name. It drops the path and operation that the
// operating system's error repeats.
func fileError(name string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%q: %w", name, fault.Cause(err))
}

// firstError returns the first error that is not nil.
func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// errCut is the error about a file that ends too early.
var errCut = errors.New("the file is cut off here")

// noEnd returns errCut for the end of the file, and any other error as it is.
func noEnd(err error) error {
	if err == io.EOF {
		return errCut
	}
	return err
}

// recovered turns a panic into an error.
func recovered(err *error) {
	if r := recover(); r != nil {
		*err = fmt.Errorf("%v", r)
	}
}

// badText describes what is wrong with bytes that are no text, or returns "".
func badText(b []byte) string {
	switch {
	case bytes.IndexByte(b, 0) >= 0:
		return "a zero byte"
	case !utf8.Valid(b):
		return quoted(string(b))
	}
	return ""
}

// convertHint says how to turn text in a guessed encoding into UTF-8.
func convertHint(b []byte, name string) string {
	guess := guessEncoding(b)
	return fmt.Sprintf("the text may be in %s: iconv -f %s -t UTF-8 %s > utf8.csv", guess, guess, shellName(name))
}

// quoted quotes at most 80 bytes.
func quoted(s string) string {
	if len(s) > 80 {
		return fmt.Sprintf("%.80q...", s)
	}
	return fmt.Sprintf("%q", strings.Clone(s))
}

// stdinName is the name of standard input in messages.
const stdinName = "standard input"

// shellName returns a file's name for a command in a hint.
func shellName(name string) string {
	switch {
	case name == stdinName:
		return "FILE"
	case strings.ContainsAny(name, " ()&;'"):
		return fmt.Sprintf("%q", name)
	}
	return name
}

// guessEncoding names the encoding of bytes that are not UTF-8, as iconv calls it.
func guessEncoding(b []byte) string {
	for len(b) > 0 {
		r, n := utf8.DecodeRune(b)
		if r == utf8.RuneError && n == 1 && b[0] >= 0x80 && b[0] < 0xa0 {
			return "WINDOWS-1252"
		}
		b = b[n:]
	}
	return "ISO-8859-1"
}

// Formats names the formats that Open reads, for messages.
const Formats = "CSV, JSON, Parquet, Arrow or Excel"
