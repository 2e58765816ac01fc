package modelfile

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/klauspost/compress/zstd"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/routers/internal/safetensors"
)

// compressedExtension is the extension of a model file that is compressed with Zstandard.
// Such a file has the digest of its plain content: a compressed model is the same model.
const compressedExtension = ".zst"

// magic is how a Zstandard frame begins. No plain model file begins like this: its first
// eight bytes are the length of its header, and these would be gigabytes.
var magic = []byte{0x28, 0xb5, 0x2f, 0xfd}

// maxPlain is the largest plain size in bytes of a compressed model file.
const maxPlain = 4 << 30

// compress returns the content of a file called path: data, compressed if the name asks for it.
func compress(path string, data []byte) ([]byte, error) {
	if !strings.HasSuffix(path, compressedExtension) {
		return data, nil
	}
	w, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedBestCompression), zstd.WithEncoderConcurrency(1))
	if err != nil {
		return nil, err
	}
	return w.EncodeAll(data, nil), w.Close()
}

// plain returns the plain content of a model file.
func plain(data []byte) ([]byte, error) {
	if !bytes.HasPrefix(data, magic) {
		return data, nil
	}
	r, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(maxPlain))
	if err != nil {
		return nil, err
	}
	defer r.Close()
	data, err = r.DecodeAll(data, nil)
	if err != nil {
		return nil, fmt.Errorf("decompress: %w", err)
	}
	return data, nil
}

// parse returns the content of a model file, and the function that returns its digest. Large
// tensors of a plain file stay in it until they are read.
func parse(file *os.File) (f *safetensors.File, digest func() (string, error), err error) {
	info, err := file.Stat()
	if err != nil {
		return nil, nil, err
	}
	head := make([]byte, len(magic))
	if _, err := file.ReadAt(head, 0); err != nil || !bytes.Equal(head, magic) {
		f, err = safetensors.Open(file, info.Size())
		return f, func() (string, error) { return datasets.Digest(file.Name()) }, err
	}
	data, err := io.ReadAll(file)
	if err == nil {
		data, err = plain(data)
	}
	if err != nil {
		return nil, nil, err
	}
	f, err = safetensors.Read(data)
	return f, func() (string, error) { return datasets.DigestBytes(data), nil }, err
}
