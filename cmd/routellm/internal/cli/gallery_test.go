package cli

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

// gallery lists the pictures of docs/figures.md and the README with the commands that draw them.
// picture is the file that a command writes.
var gallery = []struct{ image, line, picture string }{
	{"mmlu.svg", "routellm eval --router random,length,mf,oracle --bench mmlu -o out", "out/mmlu.svg"},
	{"column.svg", "routellm eval --router mf,knn,bert,oracle --bench gsm8k --band none -o out --width 84 --no-title", "out/gsm8k.svg"},
	{"dark.svg", "routellm eval --router mf,knn,bert --bench mt-bench --band none -o out --width 84 --no-title --theme dark", "out/mt-bench.svg"},
	{"reliability.svg", "routellm calibrate --router mf --data mmlu --reliability -o reliability.svg --width 84", "reliability.svg"},
	{"plan.svg", "routellm plan all -o plan.svg --width 84 --no-title", "plan.svg"},
	{"pool.svg", "routellm eval --models all --router length,oracle --bench pareto --resamples 0 -o out --width 174 --font-size 8", "out/pareto.svg"},
}

// TestGalleryPictures draws the pictures of the documentation again.
func TestGalleryPictures(t *testing.T) {
	images, err := filepath.Abs("../../../../docs/img")
	if err != nil {
		t.Fatal(err)
	}
	for _, g := range gallery {
		t.Run(g.image, func(t *testing.T) {
			workFolder(t)
			runLine(t, g.line)
			got, err := os.ReadFile(g.picture)
			if err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(images, g.image)
			if *update {
				if err := os.WriteFile(path, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if want, err := os.ReadFile(path); err != nil || !bytes.Equal(got, want) {
				t.Errorf("docs/img/%s is not what %q draws (%v); -update rewrites it", g.image, g.line, err)
			}
		})
	}
}
