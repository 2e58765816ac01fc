//go:build !unix

package sockets

import "syscall"

// openFiles returns 0: this system has no limit that a connection could reach.
func openFiles() int { return 0 }

// exhausted has WSAEMFILE and WSAENOBUFS of Windows.
var exhausted = []syscall.Errno{10024, 10055}

// noAddress is WSAEADDRNOTAVAIL.
const noAddress = syscall.Errno(10049)
