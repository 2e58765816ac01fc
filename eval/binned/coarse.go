package binned

// Coarse returns a summary of at most the given number of bins, about equally large, each made of
// neighbouring ones. It returns the summary itself if it has no more. Intervals need no more bins than
// that: they differ from those of all bins by far less than they are wide.
func (s *Summary) Coarse(bins int) (*Summary, error) {
	if len(s.Bins) <= bins {
		return s, nil
	}
	rest, out := s.Cells, Summary{Tasks: s.Tasks, Bucketed: s.Bucketed, Unused: s.Unused}
	last, at, n, cells := -1, 0.0, s.curve.Size(), 0
	for i, b := range s.Bins {
		if part := min(int(at/n*float64(bins)), bins-1); part != last {
			last = part
			out.Cells = append(out.Cells[:cells], mergeCells(out.Cells[cells:])...)
			cells = len(out.Cells)
			out.Bins = append(out.Bins, Bin{Max: b.Max, Area: nan})
		}
		x := &out.Bins[len(out.Bins)-1]
		x.Min = b.Min
		x.add(Cell{Rows: b.Rows, N: b.N, Strong: b.Strong, Weak: b.Weak, Gain2: b.Gain2})
		at += b.N
		for ; len(rest) > 0 && int(rest[0].Bin) == i; rest = rest[1:] {
			c := rest[0]
			c.Bin = int32(len(out.Bins) - 1)
			out.Cells = append(out.Cells, c)
		}
	}
	return New(out)
}
