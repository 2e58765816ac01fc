package outfile

import "os"

// pending is a file to write: on Windows a file cannot be replaced atomically.
type pending struct {
	path string
	data []byte
}

func stage(f File) (*pending, error) { return &pending{f.Path, f.Data}, nil }

// replace writes the file. The caller holds the lock.
func (p *pending) replace() error { return os.WriteFile(p.path, p.data, perm) }

func (p *pending) discard() {}
