//go:build unix

package sockets

import (
	"math"
	"syscall"
)

// openFiles returns the number of files that this process may have open, or 0 if there is no
// limit. Go's runtime has raised the soft limit to the hard one when the program started.
func openFiles() int {
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil || uint64(limit.Cur) > math.MaxInt32 {
		return 0
	}
	return int(limit.Cur)
}

// exhausted has the errors of a process or machine that has no file or memory left.
var exhausted = []syscall.Errno{syscall.EMFILE, syscall.ENFILE, syscall.ENOBUFS, syscall.ENOMEM}

// noAddress is the error of a machine that has no port left for a further connection.
const noAddress = syscall.EADDRNOTAVAIL
