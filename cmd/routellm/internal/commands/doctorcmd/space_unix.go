//go:build linux || darwin

package doctorcmd

import "golang.org/x/sys/unix"

// freeSpace returns the number of bytes that a user may still write below a folder.
func freeSpace(dir string) (bytes float64, known bool) {
	var s unix.Statfs_t
	if err := unix.Statfs(dir, &s); err != nil {
		return 0, false
	}
	return float64(s.Bavail) * float64(s.Bsize), true
}
