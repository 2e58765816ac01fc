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

// WriteFile writes a model to path, compressed with Zstandard if the path ends in ".zst". The file appears
// only once it is complete.
func WriteFile(path string, bytes func() ([]byte, error)) error {
	data, err := bytes()
	if err == nil {
		data, err = compress(path, data)
	}
	if err != nil {
		return err
	}
	return outfile.Write(path, data)
}

// Open opens a model file, plain or compressed with Zstandard, and calls read with its content and digest.
// Large tensors of a plain file stay in it until they are read.
func Open[M any](path string, read func(f *safetensors.File, digest string) (M, error)) (m M, err error) {
	file, err := os.Open(path)
	if err != nil {
		return m, err
	}
	defer file.Close()
	f, digest, err := parse(file)
	if err == nil {
		var sha256 string
		if sha256, err = digest(); err == nil {
			m, err = read(f, sha256)
		}
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

// Embedded decodes a built-in model, plain or compressed with Zstandard.
func Embedded[M any](name string, data []byte, read func(f *safetensors.File, digest string) (M, error)) (m M, err error) {
	var f *safetensors.File
	if data, err = plain(data); err == nil {
		f, err = safetensors.Read(data)
	}
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
	f, _, err := parse(file)
	if err != nil {
		return nil
	}
	return f.Metadata
}
