package plots

// Figure is a figure of any kind of this package.
type Figure interface {
	// panels returns the figure's panels, or an error if it cannot be drawn.
	panels() (Panels, error)
}

// Panels is a figure of several panels side by side, of equal width and height, with one title and
// one legend. Where the figure is too narrow, panels stand below each other. Each panel has its own
// title.
type Panels struct {
	Title  string
	Panels []Curves
	SameY  bool // all panels have the same vertical axis
}

func (p Panels) panels() (Panels, error) { return p, nil }

// panels returns the figure as a single panel, whose title is the figure's.
func (c Curves) panels() (Panels, error) {
	title := c.Title
	c.Title = ""
	return Panels{Title: title, Panels: []Curves{c}}, nil
}
