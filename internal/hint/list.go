package hint

import (
	"errors"
	"io/fs"
	"os"
	"slices"
	"strings"
)

// List adds advice to an error about a file that does not exist, if path looks like a list
// separated by commas: its first part is a known name or a file. It returns err unchanged
// otherwise.
func List(err error, path string, known []string, advice string) error {
	first, _, list := strings.Cut(path, ",")
	if !list || !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if _, absent := os.Stat(first); absent != nil && !slices.Contains(known, first) {
		return err
	}
	return With(err, advice)
}
