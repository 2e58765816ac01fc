//go:build !cgo || !onnx

package bert

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/routellm/routellm/internal/hint"
)

func TestOpenSaysWhichBuildItNeeds(t *testing.T) {
	_, err := Open(write(t, goodFolder(t)), Options{})
	var advice *hint.Error
	if !errors.As(err, &advice) || !slices.ContainsFunc(advice.Hints, func(h string) bool { return strings.Contains(h, "make build-onnx") }) {
		t.Errorf("error %v, want a hint to make build-onnx", err)
	}
	if want := "this build of routellm cannot run a BERT classifier"; err == nil || err.Error() != want {
		t.Errorf("error %v, want %s", err, want)
	}
}

func TestOpenChecksTheFolderFirst(t *testing.T) {
	files := goodFolder(t)
	delete(files, "config.json")
	if _, err := Open(write(t, files), Options{}); err == nil || !strings.Contains(err.Error(), "config.json") {
		t.Errorf("error %v, want one about config.json", err)
	}
	files = goodFolder(t)
	delete(files, modelFile)
	if _, err := Open(write(t, files), Options{}); err == nil || !strings.Contains(err.Error(), modelFile) {
		t.Errorf("error %v, want one about %s", err, modelFile)
	}
}
