package plots

import "gonum.org/v1/plot/vg"

// PlacedName is the name of a point as it is shown, perhaps shortened, and the place in the data
// area where its baseline begins: shares of the area's width and height from the lower left.
type PlacedName struct {
	Text string
	X, Y float64
}

// PlaceNames returns where to put the names of a figure's points in a data area of the given size,
// for drawing the figure elsewhere. size is the size of the type. A figure that cannot be drawn has
// no names.
func PlaceNames(c Curves, width, height, size float64) []PlacedName {
	s := DefaultStyle()
	s.FontSize, s.PlotHeight = size, height
	f, err := s.figure(c)
	if err != nil {
		return nil
	}
	p := f.panels[0]
	p.data.Max.X = p.data.Min.X + vg.Length(width)
	p.notes = nil
	p.placeNotes()
	var out []PlacedName
	for _, n := range p.notes[len(p.Measures):] {
		base := n.box.Min.Y + lineHeight(size)/4
		out = append(out, PlacedName{n.text, float64((n.box.Min.X - p.data.Min.X) / p.data.Size().X), float64((base - p.data.Min.Y) / p.data.Size().Y)})
	}
	return out
}
