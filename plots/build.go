package plots

import "gonum.org/v1/plot/vg"

// figure checks the style and the figure, and lays the figure out.
func (s Style) figure(drawn Figure) (*figure, error) {
	if err := s.check(); err != nil {
		return nil, err
	}
	p, err := drawn.panels()
	if err != nil {
		return nil, err
	}
	for i := range p.Panels {
		if err := p.Panels[i].check(); err != nil {
			return nil, err
		}
	}
	s.PlotHeight = s.heightFor(p)
	f := &figure{style: s, title: clean(p.Title), looks: Looks(p.names()), width: vg.Length(s.Width)}
	spans, about := p.spans(), s
	about.PlotHeight = s.panelHeight(len(p.Panels))
	for i := range p.Panels {
		c := &p.Panels[i]
		f.panels = append(f.panels, &panel{Curves: *c, style: s, looks: f.looks, y: c.yAxis(spans[i], about), alone: len(p.Panels) == 1})
	}
	for i, p := range f.panels {
		if first := f.panels[0]; i > 0 && p.Strong == first.Strong && p.Weak == first.Weak {
			p.repeats = first
		}
	}
	f.lay(p.SameY)
	return f, nil
}

// names returns the names of all routers, on which their looks depend.
func (p Panels) names() []string {
	var names []string
	for _, c := range p.Panels {
		for _, l := range c.Lines {
			if !l.Reference {
				names = append(names, l.Name)
			}
		}
	}
	for _, c := range p.Panels {
		for _, d := range c.Dots {
			names = append(names, d.router())
		}
	}
	return names
}

// heightFor returns the height of a data area that has room for the names of all points, each with
// some space around it.
func (s Style) heightFor(p Panels) float64 {
	const room = 1.6 // lines per name
	height := s.PlotHeight
	for _, c := range p.Panels {
		height = max(height, min(s.Width, room*leading*s.FontSize*float64(len(c.Named))))
	}
	return height
}

// panelHeight returns about how high the data areas of n panels are: panels side by side are at most
// as high as wide.
func (s Style) panelHeight(n int) float64 {
	const beside = 6 // width of what is beside a data area, in type sizes
	for columns := n; columns > 1; columns-- {
		if width := s.Width/float64(columns) - beside*s.FontSize; width >= leastData*s.FontSize {
			return min(s.PlotHeight, width)
		}
	}
	return s.PlotHeight
}
