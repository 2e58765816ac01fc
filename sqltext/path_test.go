package sqltext_test

import (
	"cmp"
	"math"
	"slices"
	"testing"

	"github.com/routellm/routellm/eval/pool"
	"github.com/routellm/routellm/sqltext"
)

// usablePool returns the usable rows as outcomes and predictions.
func usablePool(rows []routed, q sqltext.Moves) (o pool.Outcomes, p pool.Predictions) {
	for _, m := range []*pool.Matrix{&o.Quality, &o.Cost, &p.Quality, &p.Cost} {
		m.Columns = len(modelNames)
	}
	for _, x := range rows {
		if !x.usable(q) {
			continue
		}
		for m := range modelNames {
			o.Quality.Values, o.Cost.Values = append(o.Quality.Values, *x.q[m]), append(o.Cost.Values, *x.c[m])
			p.Quality.Values, p.Cost.Values = append(p.Quality.Values, *x.p[m]), append(p.Cost.Values, *x.k[m])
		}
	}
	return o, p
}

// TestMovesArePath adds up binned moves. Between bins the sums must be the path's points, and every
// point inside a bin must lie in the rectangle that its losses and gains span.
func TestMovesArePath(t *testing.T) {
	q := sqltext.Moves{Pool: poolOf(0), Bins: bins(t)(sqltext.Doubling(0.5, 3000, 200))}
	rows := nastyPool()
	o, p := usablePool(rows, q)
	path, err := pool.NewPath(o, p, 0)
	if err != nil {
		t.Fatal(err)
	}
	moves := wantMoves(t, rows, q)
	slices.SortFunc(moves, func(a, b moved) int { return cmp.Or(-cmp.Compare(a.step, b.step), cmp.Compare(b.bin, a.bin)) }) // unused, start, moves
	n, quality, cost := moves[1].n, moves[1].dq, moves[1].dc
	if moves[1].step != "start" || int(n) != o.N() {
		t.Fatalf("%+v, want the start of %d rows", moves[1], o.N())
	}
	const slack = 1e-9
	inside := 0
	at := 1 // next vertex of the path
	for _, m := range moves[2:] {
		for ; at < len(path.Vertices) && path.Vertices[at].Lambda >= m.lo*(1-slack); at++ {
			v := path.Vertices[at]
			dq, dc := v.Quality*n-quality, v.Cost*n-cost
			if dq < m.dqLess-slack*n || dq > m.dq-m.dqLess+slack*n || dc < m.dcLess-slack*n || dc > m.dc-m.dcLess+slack*n {
				t.Fatalf("lambda %v: quality %v and cost %v beyond the rectangle of %+v", v.Lambda, dq, dc, m)
			}
			inside++
		}
		quality, cost = quality+m.dq, cost+m.dc
		if v := path.Vertices[at-1]; math.Abs(v.Quality-quality/n) > slack || math.Abs(v.Cost-cost/n) > slack {
			t.Fatalf("below lambda %v: quality %v and cost %v, want %+v", m.lo, quality/n, cost/n, v)
		}
	}
	if at != len(path.Vertices) || inside < 2*len(moves) {
		t.Errorf("%d of %d vertices in %d bins", at, len(path.Vertices), len(moves))
	}
}
