// Package version returns the version of the running program: see [String] and [Revision].
package version

import "runtime/debug"

const module = "github.com/routellm/routellm"

// release is set by the linker (-X) in releases.
var release = ""

// String returns the version of the running program or, in a program that imports this
// module, the version of the module. It returns "devel" if the build information has none.
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

// Revision returns the commit that the running program was built from, with "-dirty" if files had
// changed since. It returns "unknown" if the build information has none.
func Revision() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	revision, dirty := "unknown", ""
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision":
			revision = s.Value
		case s.Key == "vcs.modified" && s.Value == "true":
			dirty = "-dirty"
		}
	}
	return revision + dirty
}
