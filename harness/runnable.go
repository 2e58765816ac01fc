package harness

import (
	"slices"

	"github.com/routellm/routellm/routers/registry"
)

// Runnable reports whether the name of a router in results is the name of a router that is built in, so
// that a command can run it again. A label and the name of a file are not.
func Runnable(name string) bool {
	s, err := registry.ParseSpec(name)
	if err != nil || s.Label != name || s.IsKind {
		return false
	}
	return slices.ContainsFunc(registry.Entries(), func(e registry.Entry) bool { return e.Name == s.Name })
}
