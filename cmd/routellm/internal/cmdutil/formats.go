package cmdutil

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/routellm/routellm/internal/hint"
)

// Formats chooses the formats of the files in an output folder.
type Formats struct {
	chosen, known []string
}

// Add adds the flag --formats. known are the formats that the command can write, of which it writes
// those of usual if the flag is not given.
func (f *Formats) Add(c *cobra.Command, known, usual []string) {
	f.known = known
	c.Flags().StringSliceVar(&f.chosen, "formats", usual, "`FORMATS` of the files in the folder of --out: all, or some of "+strings.Join(known, ", "))
	_ = c.RegisterFlagCompletionFunc("formats", Words(append([]string{"all"}, known...)...)) // a first registration does not fail
}

// Check rejects formats that the command cannot write, and none.
func (f *Formats) Check() error {
	if len(f.chosen) == 0 {
		return errors.New("--formats is empty: want all, or some of " + strings.Join(f.known, ", "))
	}
	for i, name := range f.chosen {
		name = strings.TrimSpace(name) // as in "svg, json"
		f.chosen[i] = name
		if name != "all" && !slices.Contains(f.known, name) {
			return hint.DidYouMean(fmt.Errorf("--formats %q: want all, or some of %s", name, strings.Join(f.known, ", ")), name, f.known)
		}
	}
	return nil
}

// Has reports whether a format was chosen.
func (f *Formats) Has(name string) bool {
	return slices.Contains(f.chosen, "all") || slices.Contains(f.chosen, name)
}
