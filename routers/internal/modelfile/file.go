package modelfile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/internal/outfile"
	"github.com/routellm/routellm/routers/internal/safetensors"
	"github.com/routellm/routellm/routers/training"
)

// WriteFile writes a model to path. The file appears only once it is complete.
func WriteFile(path string, bytes func() ([]byte, error)) error {
	data, err := bytes()
	if err != nil {
		return err
	}
	return outfile.Write(path, data)
}

// Open opens a model file and calls read with its content and digest. Large tensors stay
// in the file until they are read.
func Open[M any](path string, read func(f *safetensors.File, digest string) (M, error)) (m M, err error) {
	digest, err := datasets.Digest(path)
	if err != nil {
		return m, err
	}
	file, err := os.Open(path)
	if err != nil {
		return m, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return m, err
	}
	f, err := safetensors.Open(file, info.Size())
	if err == nil {
		m, err = read(f, digest)
	}
	if err != nil {
		return m, fmt.Errorf("%q: %w", path, err)
	}
	return m, nil
}

// FolderCard reads the card of a model in another format, from the file
// training.safetensors in the model's folder. It returns nil if there is no such file.
func FolderCard(dir, format string) (*training.Card, error) {
	path := filepath.Join(dir, "training.safetensors")
	card, err := Open(path, func(f *safetensors.File, digest string) (*training.Card, error) {
		c, err := ReadCard(f, format, digest)
		return &c, err
	})
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return card, err
}

// Embedded decodes a built-in model.
func Embedded[M any](name string, data []byte, read func(f *safetensors.File, digest string) (M, error)) (m M, err error) {
	f, err := safetensors.Read(data)
	if err == nil {
		m, err = read(f, datasets.DigestBytes(data))
	}
	if err != nil {
		return m, fmt.Errorf("built-in model %q: %w", name, err)
	}
	return m, nil
}

// HasFormat reports whether a file is a model file of a format.
func HasFormat(path, format string) bool { return metadataOf(path)["format"] == format }

// metadataOf returns the metadata of a file; nil if it is no model file.
func metadataOf(path string) map[string]string {
	file, err := os.Open(path)
	if err != nil {
		return nil
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil
	}
	f, err := safetensors.Open(file, info.Size())
	if err != nil {
		return nil
	}
	return f.Metadata
}
