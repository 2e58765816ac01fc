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

// Picture draws a figure to a file, which appears only once it is complete.
func Picture(path string, c plots.Curves) error {
	var b bytes.Buffer
	if err := c.Write(&b, PictureFormat(path)); err != nil {
		return err
	}
	return fault.Wrap(cmdutil.WriteFile(path, b.Bytes()))
}
