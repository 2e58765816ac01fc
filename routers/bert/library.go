//go:build cgo && onnx

package bert

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"sync"

	"github.com/routellm/routellm/internal/hint"

	ort "github.com/yalue/onnxruntime_go"
)

// libraryVariable names the environment variable with the path of ONNX Runtime.
const libraryVariable = "ROUTELLM_ONNXRUNTIME"

// loaded is the library in use. A process can load only one.
var loaded struct {
	sync.Mutex
	path string
}

// load loads ONNX Runtime at most once.
func load(library string) error {
	path, err := findLibrary(library)
	if err != nil {
		return err
	}
	loaded.Lock()
	defer loaded.Unlock()
	if loaded.path == path {
		return nil
	}
	if loaded.path != "" {
		return fmt.Errorf("cannot load ONNX Runtime from %q: it is already loaded from %q", path, loaded.path)
	}
	ort.SetSharedLibraryPath(path)
	if err := ort.InitializeEnvironment(); err != nil {
		return fmt.Errorf("%q: %w", path, err)
	}
	loaded.path = path
	return nil
}

// findLibrary returns the path of ONNX Runtime: the one requested by option or variable,
// else the first one found.
func findLibrary(asked string) (string, error) {
	what := "ONNX Runtime"
	if asked == "" {
		asked, what = os.Getenv(libraryVariable), "ONNX Runtime from $"+libraryVariable
	}
	if asked != "" {
		if _, err := os.Stat(asked); err != nil {
			return "", hint.With(fmt.Errorf("%s: %w", what, err), "give its path: --onnxruntime FILE, or $"+libraryVariable)
		}
		return asked, nil
	}
	for _, dir := range libraryFolders() {
		// On Linux the version follows the suffix, on a Mac it precedes it.
		for _, pattern := range libraryPatterns() {
			if found, _ := filepath.Glob(filepath.Join(dir, pattern)); len(found) > 0 {
				return found[len(found)-1], nil
			}
		}
	}
	return "", hint.With(errors.New("ONNX Runtime was not found"),
		"fetch it, in the source folder: make onnxruntime", "or give its path: --onnxruntime FILE, or $"+libraryVariable)
}

// libraryFolders returns the folders to search: the program's own, then the system's.
func libraryFolders() []string {
	dirs := []string{"/usr/local/lib", "/usr/lib", "/usr/lib/x86_64-linux-gnu",
		"/usr/lib/aarch64-linux-gnu", "/opt/homebrew/lib"}
	if self, err := os.Executable(); err == nil {
		dirs = append([]string{filepath.Dir(self)}, dirs...)
	}
	return dirs
}

func libraryPatterns() []string {
	switch runtime.GOOS {
	case "windows":
		return []string{"onnxruntime.dll"}
	case "darwin":
		return []string{"libonnxruntime.dylib", "libonnxruntime.*.dylib"}
	}
	return []string{"libonnxruntime.so", "libonnxruntime.so.*"}
}
