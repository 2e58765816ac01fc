package fitcmd

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/routellm/routellm/answers"
	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
	"github.com/routellm/routellm/fit"
	"github.com/routellm/routellm/internal/hint"
)

// paths holds where the files of a fit are written.
type paths struct{ model, artifact, page, serve, document string }

// modelExtension is the extension of a router's file.
const modelExtension = ".safetensors"

// pathsOf returns the paths for the value of --out: a folder, or the path of the router's file.
func pathsOf(out string) paths {
	if stem, ok := strings.CutSuffix(out, modelExtension); ok {
		return paths{out, stem + ".json", stem + ".report.html", stem + ".serve.yaml", stem + ".fit.json"}
	}
	in := func(name string) string { return filepath.Join(out, name) }
	return paths{in("router" + modelExtension), in("router.json"), in("report.html"), in("serve.yaml"), in("fit.json")}
}

// all lists the paths.
func (p paths) all() []string { return []string{p.model, p.artifact, p.page, p.serve, p.document} }

// refuse returns an error if one of the files is already there.
func (p paths) refuse() error {
	for _, path := range p.all() {
		if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
			if err != nil {
				return err
			}
			return hint.With(fmt.Errorf("%q is already there", path), "--force replaces it, or choose another --out")
		}
	}
	return nil
}

// removeOthers removes the files of an earlier run that this one did not write, and returns their paths:
// they belong to a router that no longer holds.
func (p paths) removeOthers(written []cmdutil.File) ([]string, error) {
	var removed []string
	for _, path := range p.all() {
		if slices.ContainsFunc(written, func(f cmdutil.File) bool { return f.Name == path }) {
			continue
		}
		switch err := os.Remove(path); {
		case err == nil:
			removed = append(removed, path)
		case !errors.Is(err, os.ErrNotExist):
			return removed, err
		}
	}
	return removed, nil
}

// files returns the files of a result. Those that would route are left out if there is no router.
func (p paths) files(r *fit.Result, upstreams map[string]answers.Address) ([]cmdutil.File, error) {
	var files []cmdutil.File
	add := func(path string, write func(io.Writer) error) error {
		var b bytes.Buffer
		err := write(&b)
		files = append(files, cmdutil.File{Name: path, Data: b.Bytes()})
		return err
	}
	if r.Artifact != nil {
		if r.Model != nil {
			files = append(files, cmdutil.File{Name: p.model, Data: r.Model})
		}
		if err := add(p.artifact, r.Artifact.Write); err != nil {
			return nil, err
		}
		files = append(files, cmdutil.File{Name: p.serve, Data: serveFile(r, p.artifact, upstreams)})
	}
	if err := add(p.page, func(w io.Writer) error { return writePage(w, r) }); err != nil {
		return nil, err
	}
	return files, add(p.document, r.Document.Write)
}
