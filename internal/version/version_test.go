package version

import "testing"

func TestString(t *testing.T) {
	if got := String(); got == "" {
		t.Error("no version, want the version of the build or \"devel\"")
	}
	defer func(old string) { release = old }(release)
	if release = "v1.2.3"; String() != release {
		t.Errorf("version %q, want the release %q", String(), release)
	}
}
