package cmdutil

import (
	"fmt"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// PictureFlags holds the flags that say how pictures look.
type PictureFlags struct {
	Width    float64 // width in millimetres; 0 for the default
	FontSize float64 // size of the smallest type in points; 0 for the default
	NoTitle  bool
	Theme    string
}

// Add adds the flags.
func (o *PictureFlags) Add(c *cobra.Command) {
	AddFlagGroup(c, PicturesHeading, func(f *pflag.FlagSet) {
		f.Float64Var(&o.Width, "width", 0, "width of pictures in `MM`, such as 84 for a column or 174 for a page (default 203)")
		f.Float64Var(&o.FontSize, "font-size", 0, "size of the smallest type in pictures, in points `PT` (default 10, or 7 with --width below 120)")
		f.BoolVar(&o.NoTitle, "no-title", false, "draw pictures without a title, for use with a caption")
		f.StringVar(&o.Theme, "theme", LightTheme, "colours of pictures: `THEME` light or dark")
	})
	_ = c.RegisterFlagCompletionFunc("theme", Words(LightTheme, "dark"))
}

// LightTheme is the theme of pictures on white.
const LightTheme = "light"

// PicturesHeading is the heading of the flags that say how pictures look.
const PicturesHeading = "Picture flags"

// PictureFlagNames returns the names of the flags.
func PictureFlagNames() []string { return []string{"width", "font-size", "no-title", "theme"} }

// CheckPictures returns an error for a picture flag that was given although no picture is written:
// out, the value of the flag --name, is empty.
func (o *PictureFlags) CheckPictures(flags *pflag.FlagSet, name, out string) error {
	if out != "" {
		return nil
	}
	for _, f := range append(PictureFlagNames(), "band") {
		if flags.Changed(f) {
			return fmt.Errorf("--%s goes with --%s: it says how pictures look", f, name)
		}
	}
	return nil
}
