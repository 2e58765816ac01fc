package logged

// The sides, as indices.
const (
	strong = 0
	weak   = 1
)

// folds is the number of parts of the clusters. The model of a decision's quality is fitted to
// the decisions of the other parts.
const folds = 5

// ridge is the number of decisions without any slope that a line's fit adds. It matters only
// where few answers of a side were logged.
const ridge = 4

// moments sums up the answers of one side for a weighted straight line.
type moments struct{ n, squares, x, xx, y, xy float64 }

// add adds count answers with the given weight each.
func (m *moments) add(count, weight, x, y float64) {
	w := count * weight
	m.n += w
	m.squares += float64(w * weight)
	m.x += float64(w * x)
	m.xx += float64(w * x * x)
	m.y += float64(w * y)
	m.xy += float64(w * x * y)
}

// plus returns the sum of two parts.
func (m moments) plus(o moments) moments {
	return moments{m.n + o.n, m.squares + o.squares, m.x + o.x, m.xx + o.xx, m.y + o.y, m.xy + o.xy}
}

// line is a straight line whose values stay within the outcomes that were seen.
type line struct{ level, slope, least, most float64 }

func (l line) at(x float64) float64 {
	return min(max(l.level+float64(l.slope*x), l.least), l.most)
}

// fit returns the line of least weighted squares. Without any answer it is flat, at the
// given level.
func (m moments) fit(level, least, most float64) line {
	if m.n == 0 {
		return line{level, 0, least, most}
	}
	mean, at := m.y/m.n, m.x/m.n
	spread := m.xx/m.n - float64(at*at) + ridge*m.squares/(m.n*m.n)
	slope := (m.xy/m.n - float64(mean*at)) / spread
	return line{mean - float64(slope*at), slope, least, most}
}

// models holds the lines of both sides, by part.
type models [folds][2]line

// fit fits the models of both sides to a resample, for each part without this part.
// weight[c] is the number of times that the resample holds cluster c.
func (e *Estimator) fit(weight []int32) (out models) {
	var parts [folds][2]moments
	for _, u := range e.units {
		if w := weight[u.cluster]; w > 0 {
			parts[u.fold][u.side].add(float64(w), u.weight, u.x, u.y)
		}
	}
	for f := range parts {
		var rest [2]moments
		for g := range parts {
			if g != f {
				rest[strong], rest[weak] = rest[strong].plus(parts[g][strong]), rest[weak].plus(parts[g][weak])
			}
		}
		both := rest[strong].plus(rest[weak])
		level := (e.least + e.most) / 2
		if both.n > 0 {
			level = both.y / both.n
		}
		for side := range rest {
			out[f][side] = rest[side].fit(level, e.least, e.most)
		}
	}
	return out
}
