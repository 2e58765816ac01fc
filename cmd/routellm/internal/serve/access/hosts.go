package access

import (
	"fmt"
	"net"
	"net/netip"
	"strings"
)

// hostOf returns the host of a request's Host header or of a setting, in lower case, without a
// port, brackets, an IPv6 zone and the dot at the end of a full name.
func hostOf(authority string) string {
	host, _, err := net.SplitHostPort(authority)
	if err != nil { // no port
		host = strings.TrimSuffix(strings.TrimPrefix(authority, "["), "]")
	}
	if ip, err := netip.ParseAddr(host); err == nil {
		return ip.Unmap().WithZone("").String()
	}
	return strings.TrimSuffix(strings.ToLower(host), ".")
}

// IsLoopback reports whether a host, with or without a port, is a name or an address of this
// machine's loopback interface.
func IsLoopback(authority string) bool {
	host := hostOf(authority)
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.IsLoopback()
}

// CheckHost refuses what is no host name and no address, such as a URL.
func CheckHost(text string) error {
	bare := strings.TrimSuffix(strings.TrimPrefix(text, "["), "]")
	if _, err := netip.ParseAddr(bare); err == nil {
		return nil
	}
	if hostOf(text) == "" || strings.ContainsAny(text, ":/*@[] ") {
		return fmt.Errorf("found %q, expected a host name or an address without a port, such as gateway.example.com", text)
	}
	return nil
}
