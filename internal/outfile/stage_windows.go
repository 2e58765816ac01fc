package outfile

import (
	"os"
	"path/filepath"
)

// pending is a file under a temporary name beside its final one.
type pending struct {
	*os.File
	path string
}

// begin creates the temporary file.
func begin(path string) (*pending, error) {
	state.Lock()
	defer state.Unlock()
	if state.stopped {
		return nil, ErrStopped
	}
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"*")
	if err != nil {
		return nil, err
	}
	state.unfinished[f.Name()] = true
	return &pending{f, path}, nil
}

// replace gives the file its final name, which on Windows is not atomic. The caller holds the
// lock.
func (p *pending) replace() error {
	if err := p.Close(); err != nil {
		return err
	}
	return os.Rename(p.Name(), p.path)
}

// discard removes the temporary file, if there still is one. Windows removes none that is open.
func (p *pending) discard() {
	_ = p.Close()
	discard(p.Name())
}
