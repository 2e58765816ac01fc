package render

import (
	"bytes"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
	"github.com/routellm/routellm/internal/fault"
	"github.com/routellm/routellm/plots"
)

// PictureFormat returns the format that the extension of a file name stands for.
func PictureFormat(path string) plots.Format {
	return plots.Format(strings.TrimPrefix(filepath.Ext(path), "."))
}

// CheckPicture rejects a flag's file name if its extension is not that of a picture format. It
// accepts "".
func CheckPicture(flag, path string) error {
	if path != "" && !slices.Contains(plots.Formats(), PictureFormat(path)) {
		return fmt.Errorf("%s %q: want a name that ends in .svg, .png or .pdf", flag, path)
	}
	return nil
}

// Picture draws a figure to a file in a style. The file appears only once it is complete.
func Picture(path string, style plots.Style, f plots.Figure) error {
	var b bytes.Buffer
	if err := style.Write(&b, f, PictureFormat(path)); err != nil {
		return err
	}
	return fault.Wrap(cmdutil.WriteFile(path, b.Bytes()))
}

// drawn draws a figure in each format that is wanted.
func drawn(name string, style plots.Style, f plots.Figure, has Has) ([]cmdutil.File, error) {
	var files []cmdutil.File
	for _, format := range plots.Formats() {
		if !has(string(format)) {
			continue
		}
		var w bytes.Buffer
		if err := style.Write(&w, f, format); err != nil {
			return nil, fmt.Errorf("drawing %s: %w", name, err)
		}
		files = append(files, cmdutil.File{Name: name + "." + string(format), Data: w.Bytes()})
	}
	return files, nil
}
