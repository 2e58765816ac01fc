//go:build !windows

package outfile

import (
	"path/filepath"

	"github.com/google/renameio/v2"
)

// pending is a file under a temporary name beside its final one.
type pending struct {
	*renameio.PendingFile
	path string
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
