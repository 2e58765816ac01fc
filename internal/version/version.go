// Package version names the release of routellm that is running.
package version

import "runtime/debug"

const module = "github.com/routellm/routellm"

// release is set by the linker (-X) in releases.
var release = ""

// String returns the version of the running program, or of the module in a program
// that imports it; "devel" where the build information has none.
func String() string {
	if release != "" {
		return release
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "devel"
	}
	modules := info.Deps
	modules = append(modules, &info.Main)
	for _, m := range modules {
		if m.Path == module && m.Version != "" && m.Version != "(devel)" {
			return m.Version
		}
	}
	return "devel"
}
