package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"debug/buildinfo"
	"debug/elf"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// version is what git describe says two commits after a tag. Its hyphens have to reach every place.
const version = "v0.0.1-2-gabcdef0"

// TestRelease builds a release for every platform and checks it as its users do. It takes half a
// minute of one core per platform, more where the build cache is empty.
func TestRelease(t *testing.T) {
	if os.Getenv("ROUTELLM_DIST") != "1" {
		t.Skip("skipped: expensive, ROUTELLM_DIST=1 or make test-dist runs it")
	}
	python := pythonWith(t, "cyclonedx.validation.json")
	t.Chdir("../..")
	dist := filepath.Join(t.TempDir(), "dist")
	o := options{Out: dist, Version: version, Repo: "https://forge.example/someone/routellm", Platforms: all}
	if err := run(context.Background(), o); err != nil {
		t.Fatal(err)
	}
	t.Run("checksums", func(t *testing.T) { checkSums(t, dist) })
	for _, p := range all {
		t.Run(p, func(t *testing.T) { checkPlatform(t, dist, p) })
	}
	t.Run("materials", func(t *testing.T) { checkMaterials(t, dist, python) })
	t.Run("formula", func(t *testing.T) { checkFormula(t, dist) })
	t.Run("wheels", func(t *testing.T) { checkWheels(t, dist, python) })
	t.Run("action", func(t *testing.T) { checkAction(t, dist) })
	t.Run("documents", func(t *testing.T) { checkDocuments(t, dist) })
	t.Run("again", func(t *testing.T) { checkAgain(t, dist, o) })
}

// checkSums checks that the checksums cover every other file.
func checkSums(t *testing.T, dist string) {
	text, err := os.ReadFile(filepath.Join(dist, sums))
	if err != nil {
		t.Fatal(err)
	}
	var listed []string
	for line := range strings.Lines(string(text)) {
		_, name, _ := strings.Cut(strings.TrimSpace(line), "  ")
		listed = append(listed, name)
	}
	there := slices.DeleteFunc(below(t, dist), func(name string) bool { return name == sums })
	if !slices.Equal(listed, there) || len(there) != 2*len(all)+1 {
		t.Errorf("the checksums are of\n%q, the files are\n%q", listed, there)
	}
	if out, err := inFolder(dist, "sha256sum", "--check", "--strict", sums); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// checkPlatform unpacks an archive and looks at the program and at what comes with it.
func checkPlatform(t *testing.T, dist, platform string) {
	r := release{options: options{Version: version}}
	goos, goarch, _ := strings.Cut(platform, "/")
	top := filepath.Join(unpack(t, dist, r.stem(platform)), r.stem(platform))
	program := filepath.Join(top, "routellm")
	if goos == "windows" {
		program += ".exe"
	}
	info, err := buildinfo.ReadFile(program)
	if err != nil {
		t.Fatal(err)
	}
	built := map[string]string{}
	for _, s := range info.Settings {
		built[s.Key] = s.Value
	}
	if built["GOOS"] != goos || built["GOARCH"] != goarch || built["CGO_ENABLED"] != "0" || built["-trimpath"] != "true" || built["-tags"] != "" {
		t.Errorf("built with %v", built)
	}
	for _, name := range []string{"LICENSE", "NOTICE", "README.md", "CHANGELOG.md", "docs/install.md", "examples/outcomes.csv", "man/routellm.1", "man/routellm-eval.1",
		"completions/routellm.bash", "completions/_routellm", "completions/routellm.fish", "completions/routellm.ps1"} {
		if data, err := os.ReadFile(filepath.Join(top, name)); err != nil || len(data) == 0 {
			t.Errorf("%s: %v, %d bytes", name, err, len(data))
		}
	}
	others, err := os.ReadFile(filepath.Join(top, "LICENSES-OTHERS.txt"))
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range info.Deps {
		if !bytes.Contains(others, []byte("\n"+m.Path+" "+m.Version+": ")) {
			t.Errorf("the licence of %s is missing", m.Path)
		}
	}
	if goos == "linux" {
		checkStatic(t, program)
	}
	if platform == host {
		checkRuns(t, program)
	}
}

// checkStatic checks that a program of Linux needs neither an interpreter nor a library.
func checkStatic(t *testing.T, program string) {
	f, err := elf.Open(program)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	libraries, err := f.ImportedLibraries()
	if (err != nil && !errors.Is(err, elf.ErrNoSymbols)) || len(libraries) > 0 || slices.ContainsFunc(f.Progs, func(p *elf.Prog) bool { return p.Type == elf.PT_INTERP }) {
		t.Errorf("not static: %q, %v", libraries, err)
	}
}

// checkRuns runs the program of this machine without any of the environment.
func checkRuns(t *testing.T, program string) {
	for _, args := range [][]string{{"version"}, {"--version"}} {
		c := exec.Command(program, args...)
		c.Env = []string{"HOME=" + t.TempDir()}
		if out, err := c.CombinedOutput(); err != nil || string(out) != "routellm "+version+" "+host+"\n" {
			t.Errorf("%q: %v, %q", args, err, out)
		}
	}
	c := exec.Command(program, "eval", "--router", "length", "--bench", "mt-bench")
	c.Env = []string{"HOME=" + t.TempDir()}
	if out, err := c.CombinedOutput(); err != nil || !strings.Contains(string(out), "length") {
		t.Errorf("%v\n%s", err, out)
	}
}

// checkMaterials validates each bill of materials against CycloneDX's own schema, and compares its
// components with the program's modules.
func checkMaterials(t *testing.T, dist, python string) {
	r := release{options: options{Version: version}}
	var files []string
	for _, p := range all {
		files = append(files, filepath.Join(dist, r.stem(p)+".cdx.json"))
		data, err := os.ReadFile(files[len(files)-1])
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{"pkg:golang/github.com/routellm/routellm@" + version, "pkg:golang/github.com/spf13/cobra@v", "pkg:golang/std@", `"Apache-2.0"`} {
			if !bytes.Contains(data, []byte(want)) {
				t.Errorf("%s lacks %q", p, want)
			}
		}
	}
	const validate = `
import sys
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
for name in sys.argv[1:]:
    error = JsonStrictValidator(SchemaVersion.V1_6).validate_str(open(name).read())
    if error: sys.exit(f"{name}: {error}")
`
	if python == "" {
		t.Skip("skipped: no cyclonedx-python-lib")
	}
	if out, err := exec.Command(python, append([]string{"-c", validate}, files...)...).CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// checkFormula installs the release of this machine as the formula does, and runs the formula's own
// test.
func checkFormula(t *testing.T, dist string) {
	ruby, err := exec.LookPath("ruby")
	if err != nil || strings.HasPrefix(host, "windows/") {
		t.Skip("skipped: no ruby, or Windows, which Homebrew does not serve")
	}
	r := release{options: options{Version: version}}
	goos, arch, _ := strings.Cut(host, "/")
	top := filepath.Join(unpack(t, dist, r.stem(host)), r.stem(host))
	out, err := exec.Command(ruby, "scripts/dist/testdata/brew.rb", filepath.Join(dist, "routellm.rb"), goos, arch, top).CombinedOutput()
	if err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	for _, want := range []string{"as ./routellm", "man/routellm-eval.1 as man1/routellm-eval.1", "as bash_completion/routellm\n", "as zsh_completion/_routellm", "as fish_completion/routellm.fish"} {
		if !strings.Contains(string(out), want) {
			t.Errorf("it does not install %q:\n%s", want, out)
		}
	}
}

// checkWheels makes the Python wheels of two archives, which must hold the same programs.
func checkWheels(t *testing.T, dist, python string) {
	if python == "" {
		t.Skip("skipped: no Python with the packages of scripts/requirements-dist.txt")
	}
	r := release{options: options{Version: version}}
	two, out := t.TempDir(), filepath.Join(t.TempDir(), "wheels")
	for _, name := range []string{r.stem("linux/arm64") + ".tar.gz", r.stem("windows/amd64") + ".zip"} {
		if err := os.Link(filepath.Join(dist, name), filepath.Join(two, name)); err != nil {
			t.Fatal(err)
		}
	}
	c := exec.Command("bash", "scripts/wheels.sh", two, out)
	c.Env = append(os.Environ(), "PYTHON="+python)
	if text, err := c.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	if names := below(t, out); len(names) != 2 {
		t.Errorf("%q", names)
	}
	for platform, file := range map[string]string{"linux/arm64": "manylinux_2_17_aarch64*.whl", "windows/amd64": "win_amd64.whl"} {
		found, err := filepath.Glob(filepath.Join(out, "routellm-0.0.1*-"+file))
		if err != nil || len(found) != 1 {
			t.Fatalf("%q: %v", found, err)
		}
		program := "routellm"
		if platform == "windows/amd64" {
			program += ".exe"
		}
		want, err := os.ReadFile(filepath.Join(unpack(t, dist, r.stem(platform)), r.stem(platform), program))
		if err != nil {
			t.Fatal(err)
		}
		if got := zippedFile(t, found[0], "routellm/bin/"+program); !bytes.Equal(got, want) {
			t.Errorf("%s: the wheel's program has %d bytes, the archive's %d, and they differ", platform, len(got), len(want))
		}
	}
}

// zippedFile returns a file of a zip file.
func zippedFile(t *testing.T, path, name string) []byte {
	t.Helper()
	z, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	f, err := z.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	data, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// checkAgain makes the release of two platforms once more and compares every byte.
func checkAgain(t *testing.T, dist string, o options) {
	o.Out, o.Platforms = filepath.Join(t.TempDir(), "dist"), []string{host, "windows/amd64"}
	if err := run(context.Background(), o); err != nil {
		t.Fatal(err)
	}
	for _, name := range below(t, o.Out) {
		if name == sums {
			continue
		}
		a, err := os.ReadFile(filepath.Join(dist, name))
		if err != nil {
			t.Fatal(err)
		}
		if b, err := os.ReadFile(filepath.Join(o.Out, name)); err != nil || !bytes.Equal(a, b) {
			t.Errorf("%s differs: %v", name, err)
		}
	}
}

// unpack unpacks an archive of the release into a folder.
func unpack(t *testing.T, dist, stem string) string {
	t.Helper()
	dir := t.TempDir()
	put := func(name string, mode os.FileMode, from io.Reader) {
		path := filepath.Join(dir, filepath.FromSlash(name))
		data, err := io.ReadAll(from)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, data, mode); err != nil {
			t.Fatal(err)
		}
	}
	if z, err := zip.OpenReader(filepath.Join(dist, stem+".zip")); err == nil {
		defer z.Close()
		for _, f := range z.File {
			from, err := f.Open()
			if err != nil {
				t.Fatal(err)
			}
			put(f.Name, f.Mode(), from)
		}
		return dir
	}
	f, err := os.Open(filepath.Join(dist, stem+".tar.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	for r := tar.NewReader(z); ; {
		h, err := r.Next()
		if err == io.EOF {
			return dir
		}
		if err != nil {
			t.Fatal(err)
		}
		if h.Uid != 0 || h.Gid != 0 {
			t.Errorf("%s belongs to %d", h.Name, h.Uid)
		}
		put(h.Name, os.FileMode(h.Mode), r)
	}
}

// pythonWith returns a Python that has a module, "" if there is none. With
// ROUTELLM_REQUIRE_PYTHON=1 that is an error.
func pythonWith(t *testing.T, module string) string {
	t.Helper()
	python := os.Getenv("PYTHON")
	if python == "" {
		python = "python3"
	}
	if out, err := exec.Command(python, "-c", "import "+module).CombinedOutput(); err != nil {
		if os.Getenv("ROUTELLM_REQUIRE_PYTHON") == "1" {
			t.Fatalf("%v\n%s", err, out)
		}
		return ""
	}
	return python
}
