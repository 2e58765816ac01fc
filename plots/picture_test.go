package plots_test

import (
	"bytes"
	"fmt"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"runtime"

	"github.com/routellm/routellm/plots"
)

// writer is a figure of any kind that draws itself.
type writer interface {
	plots.Figure
	Write(io.Writer, plots.Format) error
}

// compare prints a message if an example's figure differs from the picture in testdata or has
// labels that overlap. Otherwise it prints nothing.
func compare(name string, figure writer) {
	for _, clash := range plots.Clashes(figure) {
		fmt.Printf("%s: %s\n", name, clash)
	}
	for _, format := range []plots.Format{plots.SVG, plots.PNG} {
		var got bytes.Buffer
		if err := figure.Write(&got, format); err != nil {
			fmt.Println(err)
		}
		path := filepath.Join("testdata", "example-"+name+"."+string(format))
		if plots.Updating() {
			if err := os.WriteFile(path, got.Bytes(), 0o644); err != nil {
				fmt.Println(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			fmt.Println(err)
		}
		if !same(format, got.Bytes(), want) {
			fmt.Printf("%s differs from the picture in testdata: if the new picture is right, run with -update\n", path)
		}
	}
}

// same compares SVG by bytes, and only on amd64, because other processors round differently.
// It compares PNG by pixels.
func same(format plots.Format, got, want []byte) bool {
	if format == plots.SVG {
		return runtime.GOARCH != "amd64" || bytes.Equal(got, want)
	}
	a, errA := png.Decode(bytes.NewReader(got))
	b, errB := png.Decode(bytes.NewReader(want))
	return errA == nil && errB == nil && plots.Difference(a, b) <= plots.Tolerance
}
