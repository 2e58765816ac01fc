package cmdutil

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/routellm/routellm/internal/hint"
)

// CheckFolder rejects the path of an output folder that is empty, as a variable of a shell that is not
// set, or that is a file or lies in one. Commands check it before they compute.
func CheckFolder(flag, path string) error {
	if path == "" {
		return fmt.Errorf("--%s is empty: want a folder", flag)
	}
	for dir := filepath.Clean(path); ; dir = filepath.Dir(dir) {
		info, err := os.Stat(dir)
		if err == nil && !info.IsDir() {
			return hint.With(fmt.Errorf("--%s %q: %q is a file, expected a folder", flag, path, dir), "name a new folder")
		}
		if err == nil || errors.Is(err, os.ErrPermission) || dir == filepath.Dir(dir) {
			return nil
		}
	}
}
