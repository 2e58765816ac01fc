package cachecmd

import (
	"path/filepath"
	"testing"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/routers/encoder/cache"
)

// TestKindsAreWhereTheirPackagesKeepThem compares the names with the folders of two packages; the script cache.txtar
// does so for answers.
func TestKindsAreWhereTheirPackagesKeepThem(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	t.Setenv("HOME", t.TempDir())
	dir, err := datasets.CacheDir()
	if err != nil {
		t.Skip("skipped: no cache folder")
	}
	vectors, err := cache.DefaultDir()
	if err != nil || vectors != filepath.Join(dir, kinds[1].name) {
		t.Errorf("%q, %v", vectors, err)
	}
	prompts, err := harness.TextPath("mmlu")
	if err != nil || filepath.Dir(prompts) != filepath.Join(dir, kinds[2].name) {
		t.Errorf("%q, %v", prompts, err)
	}
}

func TestSizes(t *testing.T) {
	for bytes, want := range map[int64]string{
		0: "0", 1: "0.1 kB", 999: "1.0 kB", 9_940: "9.9 kB", 12_345: "12 kB", 999_499: "999 kB", 999_500: "1.0 MB",
		1_234_567: "1.2 MB", 83_800_000: "84 MB", 6_144_000_000: "6.1 GB", 5e15: "5000 TB",
	} {
		if got := (usage{bytes: bytes}).size(); got != want {
			t.Errorf("%d: %q, want %q", bytes, got, want)
		}
	}
}
