package main

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

// wanted is the time of files in tests.
var wanted = time.Unix(1_800_000_000, 0).UTC()

// begun returns a release in which archives of text stand for those of programs.
func begun(t *testing.T) *release {
	t.Helper()
	r := &release{options: options{Version: "v1.2.3", Repo: "https://forge.example/someone/routellm", Platforms: all}, dir: t.TempDir(), time: wanted}
	for _, p := range all {
		if err := r.write(r.stem(p)+".tar.gz", tarred(r.stem(p), wanted, []file{{"routellm", []byte(p), true}})); err != nil {
			t.Fatal(err)
		}
	}
	return r
}

func TestArchivesDependOnTheirFilesAlone(t *testing.T) {
	files := []file{{"routellm", []byte("program"), true}, {"man/routellm.1", []byte("page"), false}}
	for name, write := range map[string]func(string, time.Time, []file) func(io.Writer) error{"tar": tarred, "zip": zipped} {
		var a, b bytes.Buffer
		if err := write("top", wanted, files)(&a); err != nil {
			t.Fatal(err)
		}
		if err := write("top", wanted.In(time.FixedZone("", 3600)), files)(&b); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(a.Bytes(), b.Bytes()) {
			t.Errorf("%s: the bytes depend on the time zone", name)
		}
	}
}

func TestZipKeepsModesAndTimes(t *testing.T) {
	var b bytes.Buffer
	if err := zipped("top", wanted, []file{{"routellm.exe", []byte("program"), true}, {"README.md", []byte("text"), false}})(&b); err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	for i, mode := range []os.FileMode{0o755, 0o644} {
		if f := z.File[i]; f.Mode() != mode || !f.Modified.Equal(wanted) || !strings.HasPrefix(f.Name, "top/") {
			t.Errorf("%s: mode %v, time %v", f.Name, f.Mode(), f.Modified)
		}
	}
}

func TestChecksumsAreThoseOfSha256sum(t *testing.T) {
	if _, err := exec.LookPath("sha256sum"); err != nil {
		t.Skip("skipped: no sha256sum")
	}
	r := begun(t)
	if err := r.checksums(); err != nil {
		t.Fatal(err)
	}
	if out, err := inFolder(r.dir, "sha256sum", "--check", "--strict", sums); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

func TestVersionsThatAreNoFileNamesAreRefused(t *testing.T) {
	for _, v := range []string{"", "v1/2", "../v1", "-x", "v1 2", "v1\n"} {
		if err := (options{Out: filepath.Join(t.TempDir(), "dist"), Version: v, Platforms: all}).check(); err == nil {
			t.Errorf("%q is accepted", v)
		}
	}
	for v, number := range map[string]string{"v1.2.3": "1.2.3", "v1.2.3-4-gabc-dirty": "1.2.3-4-gabc-dirty", "f90daa19": "f90daa19", "devel": "devel", "v": "v"} {
		r := release{options: options{Out: filepath.Join(t.TempDir(), "dist"), Version: v, Platforms: all}}
		if err := r.check(); err != nil || r.number() != number {
			t.Errorf("%q: %v, number %q", v, err, r.number())
		}
	}
}

func TestPlatformsThatCannotBeBuiltAreRefused(t *testing.T) {
	for _, platforms := range [][]string{{""}, {"linux"}, {"linux/amd64", "linux/amd64"}} {
		if err := (options{Out: filepath.Join(t.TempDir(), "dist"), Version: "v1", Platforms: platforms}).check(); err == nil {
			t.Errorf("%q is accepted", platforms)
		}
	}
}

// TestFolderOfSomethingElseIsKept gives a folder that no release made.
func TestFolderOfSomethingElseIsKept(t *testing.T) {
	out := t.TempDir()
	if err := os.WriteFile(filepath.Join(out, "thesis.tex"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := run(context.Background(), options{Out: out, Version: "v1", Platforms: all}); err == nil || !strings.Contains(err.Error(), "is no release") {
		t.Error(err)
	}
	if _, err := os.Stat(filepath.Join(out, "thesis.tex")); err != nil {
		t.Error(err)
	}
}

// TestFailureKeepsTheOlderRelease fails at its first build, which does not begin.
func TestFailureKeepsTheOlderRelease(t *testing.T) {
	t.Chdir("../..")
	t.Setenv("SOURCE_DATE_EPOCH", "1800000000")
	t.Setenv("PATH", t.TempDir()) // no Go
	parent := t.TempDir()
	out := filepath.Join(parent, "dist")
	if err := os.Mkdir(out, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(out, sums), []byte("old"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := run(context.Background(), options{Out: out, Version: "v1", Platforms: all}); err == nil {
		t.Error("a release without Go")
	}
	if names := below(t, parent); !slices.Equal(names, []string{"dist/" + sums}) {
		t.Errorf("the failure left %q", names)
	}
}

func TestReplaceRemovesTheOlderRelease(t *testing.T) {
	parent := t.TempDir()
	for _, name := range []string{"dist/old", ".dist-1/new"} {
		path := filepath.Join(parent, name)
		if err := os.Mkdir(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := replace(filepath.Join(parent, ".dist-1"), filepath.Join(parent, "dist")); err != nil {
		t.Fatal(err)
	}
	if names := below(t, parent); !slices.Equal(names, []string{"dist/new"}) {
		t.Errorf("%q", names)
	}
}

// TestFormulaInstallsFromEveryPlatform runs the formula in Ruby, with Homebrew's methods reduced to
// what they ask for: every platform has its archive with the right digest, and every file that the
// formula installs is in it.
func TestFormulaInstallsFromEveryPlatform(t *testing.T) {
	ruby, err := exec.LookPath("ruby")
	if err != nil || runtime.GOOS == "windows" {
		t.Skip("skipped: no ruby, or Windows, which Homebrew does not serve")
	}
	r := begun(t)
	if err := r.formula(); err != nil {
		t.Fatal(err)
	}
	formula := filepath.Join(r.dir, "routellm.rb")
	if out, err := exec.Command(ruby, "-wc", formula).CombinedOutput(); err != nil || strings.TrimSpace(string(out)) != "Syntax OK" {
		t.Errorf("%v\n%s", err, out)
	}
	for _, p := range all[:4] {
		goos, arch, _ := strings.Cut(p, "/")
		out, err := exec.Command(ruby, "testdata/brew.rb", formula, goos, arch).CombinedOutput()
		if err != nil {
			t.Fatalf("%s: %v\n%s", p, err, out)
		}
		name := r.stem(p) + ".tar.gz"
		sum, err := r.digest(name)
		if err != nil {
			t.Fatal(err)
		}
		want := fmt.Sprintf("url https://forge.example/someone/routellm/releases/download/v1.2.3/%s\nsha256 %s\nversion 1.2.3\n", name, sum)
		if !strings.HasPrefix(string(out), want) {
			t.Errorf("%s:\n%s\nwant\n%s", p, out, want)
		}
	}
}

// below lists the files below a folder.
func below(t *testing.T, dir string) (names []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && path != dir && (!d.IsDir() || strings.HasPrefix(d.Name(), ".")) {
			rel, _ := filepath.Rel(dir, path)
			names = append(names, filepath.ToSlash(rel))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// inFolder runs a program in a folder.
func inFolder(dir, name string, args ...string) ([]byte, error) {
	c := exec.Command(name, args...)
	c.Dir = dir
	return c.CombinedOutput()
}
