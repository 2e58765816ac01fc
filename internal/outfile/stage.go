//go:build !windows

package outfile

import (
	"path/filepath"

	"github.com/google/renameio/v2"
)

// pending is a complete file under a temporary name beside its final one.
type pending struct {
	*renameio.PendingFile
	path string
}

// stage writes a file under a temporary name.
func stage(f File) (*pending, error) {
	p, err := begin(f.Path)
	if err != nil {
		return nil, err
	}
	if _, err = p.Write(f.Data); err == nil {
		err = p.Sync() // now, and not while commit keeps Stop waiting
	}
	if err != nil {
		p.discard()
		return nil, err
	}
	return p, nil
}

// begin creates the temporary file.
func begin(path string) (*pending, error) {
	state.Lock()
	defer state.Unlock()
	if state.stopped {
		return nil, ErrStopped
	}
	// Without a folder, renameio probes others with files that Stop would not know.
	t, err := renameio.NewPendingFile(path, renameio.WithTempDir(filepath.Dir(path)),
		renameio.WithPermissions(perm), renameio.WithExistingPermissions())
	if err != nil {
		return nil, err
	}
	state.unfinished[t.Name()] = true
	return &pending{t, path}, nil
}

// replace gives the file its final name. The caller holds the lock.
func (p *pending) replace() error { return p.CloseAtomicallyReplace() }

// discard removes the temporary file, if there still is one.
func (p *pending) discard() {
	_ = p.Close()
	discard(p.Name())
}
