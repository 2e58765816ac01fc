package decisionlog

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"

	"github.com/routellm/routellm/internal/fault"
	"github.com/routellm/routellm/internal/hint"
)

// Two processes that rotate one log write into each other's renamed files, and lines are lost.
// Therefore a log has a lock: a file beside it, as the log itself is renamed. The operating
// system frees the lock when its process ends, in whatever way; the file stays.

// lockWait limits the time that [Open] waits for a lock, which a process that is about to end may hold.
const lockWait = time.Second

// lockPath returns the path of a log's lock. Links to one log have one lock.
func lockPath(path string) string {
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real
	}
	return path + ".lock"
}

// lock keeps other processes from a log.
func lock(path string) (*flock.Flock, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return nil, err
	}
	l := flock.New(lockPath(path), flock.SetPermissions(0o600))
	ctx, cancel := context.WithTimeout(context.Background(), lockWait)
	defer cancel()
	locked, err := l.TryLockContext(ctx, lockWait/20)
	switch {
	case locked:
		return l, nil
	case err != nil && !errors.Is(err, context.DeadlineExceeded):
		return nil, fmt.Errorf("cannot lock %q: %w", path, fault.Cause(err))
	}
	return nil, hint.With(fmt.Errorf("%q is in use by another server", path),
		"one log per replica: give each server a --log of its own, and all of them to routellm log")
}

// InUse reports whether a process has a log open. It is false if that cannot be found out.
func InUse(path string) bool {
	if _, err := os.Stat(lockPath(path)); err != nil {
		return false // there is no lock to look at, and none should be left behind
	}
	l := flock.New(lockPath(path))
	free, err := l.TryRLock()
	_ = l.Close()
	return err == nil && !free
}
