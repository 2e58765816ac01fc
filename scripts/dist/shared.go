package main

import (
	"bytes"
	"context"
	"debug/buildinfo"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// completions are the files of the shells' completions, by shell.
var completions = []struct{ shell, name string }{
	{"bash", "routellm.bash"}, {"zsh", "_routellm"}, {"fish", "routellm.fish"}, {"powershell", "routellm.ps1"},
}

// shared returns the files that are the same in every archive: the documents and the examples that
// they name, and what the program says about itself, for which it is built for this machine.
func (r *release) shared(ctx context.Context) ([]file, error) {
	files, err := tracked(ctx, "LICENSE", "NOTICE", "README.md", "CHANGELOG.md", "docs", "examples")
	if err != nil {
		return nil, err
	}
	path, err := r.build(ctx, host)
	if err != nil {
		return nil, err
	}
	for _, c := range completions {
		data, err := command(ctx, nil, path, "completion", c.shell)
		if err != nil {
			return nil, err
		}
		files = append(files, file{"completions/" + c.name, data, false})
	}
	pages := filepath.Join(r.work, "man")
	if _, err := command(ctx, nil, path, "man", "--dir", pages); err != nil {
		return nil, err
	}
	entries, err := os.ReadDir(pages) // in order of their names
	for _, e := range entries {
		data, err := os.ReadFile(filepath.Join(pages, e.Name()))
		if err != nil {
			return nil, err
		}
		files = append(files, file{"man/" + e.Name(), data, false})
	}
	return files, err
}

// tracked returns the files at or below paths that git knows, so that none that happens to be there
// gets into a release.
func tracked(ctx context.Context, paths ...string) ([]file, error) {
	out, err := command(ctx, nil, "git", append([]string{"ls-files", "--stage", "-z", "--"}, paths...)...)
	if err != nil {
		return nil, err
	}
	var files []file
	for _, entry := range strings.Split(strings.TrimSuffix(string(out), "\x00"), "\x00") {
		mode, name, _ := strings.Cut(entry, "\t") // MODE DIGEST STAGE, a tab, and the path
		data, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		files = append(files, file{name, data, strings.HasPrefix(mode, "100755")})
	}
	return files, nil
}

// notices matches the names of files whose text has to go with copies of a module.
var notices = regexp.MustCompile(`(?i)^(licen[cs]e|copying|notice|patents)([-.].*)?$`)

// licences returns the licences of the modules that a program is built from, and of Go's library.
// Most of them ask that copies of the program come with their text.
func licences(ctx context.Context, path string) (file, error) {
	info, err := buildinfo.ReadFile(path)
	if err != nil {
		return file{}, err
	}
	root, err := command(ctx, nil, "go", "env", "GOROOT")
	if err != nil {
		return file{}, err
	}
	args := []string{"list", "-m", "-f", "{{.Dir}}"}
	for _, m := range info.Deps {
		args = append(args, m.Path)
	}
	out, err := command(ctx, nil, "go", args...)
	if err != nil {
		return file{}, err
	}
	dirs := strings.Split(strings.TrimSpace(string(out)), "\n")
	if len(dirs) != len(info.Deps) {
		return file{}, fmt.Errorf("go list names %d folders for %d modules", len(dirs), len(info.Deps))
	}
	var b bytes.Buffer
	b.WriteString("The licences of the software that routellm is built from.\n")
	if err := licence(&b, "The Go programming language, "+info.GoVersion, strings.TrimSpace(string(root))); err != nil {
		return file{}, err
	}
	for i, m := range info.Deps {
		if err := licence(&b, m.Path+" "+m.Version, dirs[i]); err != nil {
			return file{}, err
		}
	}
	return file{"LICENSES-OTHERS.txt", b.Bytes(), false}, nil
}

// licence writes the licence files in a folder.
func licence(b *bytes.Buffer, title, dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return fmt.Errorf("the licence of %s: %w", title, err)
	}
	found := 0
	for _, e := range entries {
		if e.IsDir() || !notices.MatchString(e.Name()) {
			continue
		}
		data, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			return err
		}
		fmt.Fprintf(b, "\n%s\n%s: %s\n\n%s\n", strings.Repeat("=", 80), title, e.Name(), bytes.TrimSpace(data))
		found++
	}
	if found == 0 {
		return fmt.Errorf("%s has no licence file in %q", title, dir)
	}
	return nil
}

// materials writes the bill of materials of a program in CycloneDX's format.
func (r *release) materials(ctx context.Context, path, name string) error {
	tool, err := command(ctx, []string{"GOOS=", "GOARCH="}, "go", "tool", "-n", "-modfile=scripts/tools/go.mod", "cyclonedx-gomod")
	if err != nil {
		return err
	}
	// Every module is in the module cache, as the program was just built. Without GOPROXY=off, the
	// tool would look for this module's own version, which nobody has published yet.
	data, err := command(ctx, []string{"GOPROXY=off"}, strings.TrimSpace(string(tool)), "bin", "-json", "-noserial", "-notimestamp", "-std",
		"-licenses", "-version", r.Version, path)
	if err != nil {
		return err
	}
	data, err = portable(data)
	if err != nil {
		return fmt.Errorf("the bill of materials: %w", err)
	}
	return r.write(name+".cdx.json", func(w io.Writer) error { _, err := w.Write(data); return err })
}

// portable removes the digests of the tool's own program from a bill of materials, which differ
// from machine to machine, and adds this program's licence.
func portable(data []byte) ([]byte, error) {
	var bom map[string]any
	if err := json.Unmarshal(data, &bom); err != nil {
		return nil, err
	}
	meta, _ := bom["metadata"].(map[string]any)
	tools, _ := meta["tools"].([]any)
	component, _ := meta["component"].(map[string]any)
	if len(tools) != 1 || component == nil {
		return nil, errors.New("expected one tool and a component in its metadata")
	}
	if t, ok := tools[0].(map[string]any); ok {
		delete(t, "hashes")
	}
	component["licenses"] = []any{map[string]any{"license": map[string]any{"id": "Apache-2.0"}}}
	out, err := json.MarshalIndent(bom, "", "  ")
	return append(out, '\n'), err
}
