package sockets

import (
	"errors"
	"net"
	"slices"
	"strings"
	"syscall"
)

// ErrFull is the error of a connection beyond the budget.
var ErrFull = errors.New("as many connections are open as the limit of open files allows")

// Exhausted reports whether a connection failed because this machine has no file, port or memory
// left for it, or because it is beyond the budget.
func Exhausted(err error) bool {
	var number syscall.Errno
	if errors.As(err, &number) {
		return slices.Contains(exhausted, number) || number == noAddress && toIPv4(err)
	}
	var dns *net.DNSError // has the text of the error alone
	if errors.As(err, &dns) {
		return slices.ContainsFunc(exhausted, func(e syscall.Errno) bool { return strings.HasSuffix(dns.Err, e.Error()) })
	}
	return errors.Is(err, ErrFull)
}

// toIPv4 reports whether the connection was to an IPv4 address. For an IPv6 address, noAddress
// mostly means that this machine has no IPv6.
func toIPv4(err error) bool {
	var op *net.OpError
	if !errors.As(err, &op) {
		return false
	}
	to, ok := op.Addr.(*net.TCPAddr)
	return ok && to.IP.To4() != nil
}
