package parquetfile

import (
	"errors"
	"fmt"
	"os"

	"github.com/routellm/routellm/datasets/internal/parquetcheck"
)

// InFile prefixes err with the quoted path. It drops the path and operation that the operating
// system's error repeats.
func InFile(path string, err error) error {
	var pe *os.PathError
	if errors.As(err, &pe) {
		err = pe.Err
	}
	return fmt.Errorf("%q: %w", path, err)
}

// damaged returns the error for a file whose bytes are damaged, or cannot be read for the
// reason that err names.
func damaged(name string, err error) error { return InFile(name, parquetcheck.Damaged(err)) }

// recoverDamage turns a panic into an error: parquet-go panics on some corrupt input.
func recoverDamage(name string, err *error) {
	if r := recover(); r != nil {
		*err = damaged(name, fmt.Errorf("%v", r))
	}
}
