package sqltext_test

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/routellm/routellm/eval/pool"
	"github.com/routellm/routellm/sqltext"
)

// routed is one row of the table on which queries on pools are tested. A nil number is NULL.
type routed struct {
	id, cluster, task string
	p, k, q, c        [4]*float64
	weight            *float64
}

// modelNames are the models of the pool.
var modelNames = []string{"small", "big", "other/one", "twin"}

// fixedCosts are predicted for every row where no column of predicted costs is read; two are equal.
var fixedCosts = [4]float64{0.001, 0.03, 0.001, 0.002}

// nastyPool returns rows with predictions that are equal for two models, lines that cross in one
// point, costs of 0, negative zeros, and values that cannot be used.
func nastyPool() []routed {
	r := rand.New(rand.NewPCG(3, 22))
	rows := make([]routed, 3000)
	for i := range rows {
		x := &rows[i]
		x.id, x.task = fmt.Sprintf("p%05d", i), fmt.Sprintf("task %d", i%2)
		if i%7 > 0 {
			x.cluster = fmt.Sprintf("c%04d", i/4)
		}
		of := func(v float64) *float64 { return &v }
		for m := range modelNames {
			p, k := r.Float64(), 0.01*float64(m)+0.001*r.Float64()
			if i%3 == 0 { // many equal values
				p, k = math.Round(4*p)/4, math.Round(3*r.Float64())/100
			}
			x.p[m], x.k[m], x.q[m], x.c[m] = of(p), of(k), of(math.Round(r.Float64())), of(k*r.Float64()*2)
		}
		if i%5 == 0 {
			x.p[3], x.k[3] = of(*x.p[1]), of(*x.k[1]) // equal lines
		}
		if i%11 == 0 {
			x.k[0], x.c[0], x.p[0] = of(math.Copysign(0, -1)), of(0), of(-0.5)
		}
		x.weight = of(0.5 + r.Float64())
	}
	bad := []*float64{nil, new(float64), new(float64)}
	*bad[1], *bad[2] = math.NaN(), math.Inf(1)
	for i, b := range bad {
		rows[100+10*i].p[1], rows[101+10*i].k[2], rows[102+10*i].q[0], rows[103+10*i].c[3] = b, b, b, b
	}
	negative := -0.1
	rows[140].c[1] = &negative
	return rows
}

// usable reports whether the row can be used. Predicted costs count if the query reads them.
func (x routed) usable(q sqltext.Moves) bool {
	for m := range modelNames {
		k := x.k[m]
		if q.Models[m].Predicted == "" {
			k = &fixedCosts[m]
		}
		for _, v := range []*float64{x.p[m], k, x.q[m], x.c[m]} {
			if v == nil || math.IsNaN(*v) || math.IsInf(*v, 0) {
				return false
			}
		}
		if *x.c[m] < 0 {
			return false
		}
	}
	return true
}

// poolTable returns the table as CSV.
func poolTable(rows []routed) [][]string {
	header := []string{"sample_id", "cluster", "task", oddName}
	for _, m := range modelNames {
		header = append(header, "score:"+m, "cost:"+m, "quality:"+m, "cost_usd:"+m)
	}
	table := [][]string{header}
	for _, x := range rows {
		cells := []string{x.id, x.cluster, x.task, cell(x.weight)}
		for m := range modelNames {
			cells = append(cells, cell(x.p[m]), cell(x.k[m]), cell(x.q[m]), cell(x.c[m]))
		}
		table = append(table, cells)
	}
	return table
}

// poolOf names the columns of the table.
func poolOf(buckets int) sqltext.Pool {
	p := sqltext.Pool{From: "pool", Groups: sqltext.Groups{Buckets: buckets}}
	for _, m := range modelNames {
		p.Models = append(p.Models, sqltext.PoolModel{Name: m, Score: "score:" + m, Quality: "quality:" + m, Cost: "cost_usd:" + m, Predicted: "cost:" + m})
	}
	if buckets > 0 {
		p.Cluster, p.ID = "cluster", "sample_id"
	}
	return p
}

// poolTrial is one query on a pool.
type poolTrial struct {
	name  string
	query sqltext.Moves
}

func poolTrials(t *testing.T) []poolTrial {
	t.Helper()
	must := bins(t)
	cut := must(sqltext.Doubling(0.5, 3000, 500))
	all := poolOf(16)
	all.Task, all.Weight = "task", oddName
	fixed := poolOf(0)
	for m := range fixed.Models {
		fixed.Models[m].Predicted, fixed.Models[m].FixedCost = "", fixedCosts[m]
	}
	return []poolTrial{
		{"exact", sqltext.Moves{Pool: poolOf(0)}},
		{"binned", sqltext.Moves{Pool: poolOf(0), Bins: cut}},
		{"all", sqltext.Moves{Pool: all, Bins: cut}},
		{"fixed_costs", sqltext.Moves{Pool: fixed, Bins: cut}},
		{"within", sqltext.Moves{Pool: poolOf(0), Within: []sqltext.Range{{Lo: 3, Hi: 4}, {Lo: 10, Hi: 10.5}}}},
	}
}

// moved is one row of a summary of moves.
type moved struct {
	step, task, bucket                string
	bin                               float64
	lo, hi, n, dq, dc, dqLess, dcLess float64
}

// wantMoves computes a summary from the paths of single rows.
func wantMoves(t *testing.T, rows []routed, q sqltext.Moves) []moved {
	t.Helper()
	sums := map[string]*moved{}
	add := func(m moved) {
		key := fmt.Sprint(m.step, m.bin, m.task, m.bucket)
		s, ok := sums[key]
		if !ok {
			s = &moved{step: m.step, task: m.task, bucket: m.bucket, bin: m.bin, lo: m.lo, hi: m.hi}
			sums[key] = s
		}
		s.lo, s.hi = min(s.lo, m.lo), max(s.hi, m.hi)
		s.n, s.dq, s.dc, s.dqLess, s.dcLess = s.n+m.n, s.dq+m.n*m.dq, s.dc+m.n*m.dc, s.dqLess+m.n*min(0, m.dq), s.dcLess+m.n*min(0, m.dc)
	}
	for _, x := range rows {
		if !x.usable(q) {
			if q.Within == nil {
				add(moved{step: "unused", bin: math.NaN(), lo: math.NaN(), hi: math.NaN(), n: 1})
			}
			continue
		}
		about := moved{bin: math.NaN(), lo: math.NaN(), hi: math.NaN(), n: 1}
		if q.Weight != "" {
			about.n = *x.weight
		}
		if q.Task != "" {
			about.task = x.task
		}
		if q.Buckets > 0 {
			about.bucket = number(float64(sqltext.Bucket(cmp.Or(x.cluster, x.id), q.Buckets)))
		}
		for i, v := range pathOf(t, x, q) {
			m := about
			m.step, m.dq, m.dc = "start", v.Quality, v.Cost
			if i > 0 {
				m.step, m.lo, m.hi, m.bin = "move", v.Lambda, v.Lambda, q.Bins.Of(v.Lambda)
			}
			if q.Within == nil || i > 0 && slices.ContainsFunc(q.Within, func(r sqltext.Range) bool { return r.Lo <= v.Lambda && v.Lambda <= r.Hi }) {
				add(m)
			}
		}
	}
	var all []moved
	for _, s := range sums {
		all = append(all, *s)
	}
	return sortMoves(all)
}

// pathOf returns the path of a single row, with the changes of quality and cost in place of both.
func pathOf(t *testing.T, x routed, q sqltext.Moves) []pool.Vertex {
	t.Helper()
	n := len(modelNames)
	o, p := pool.Outcomes{Quality: pool.NewMatrix(1, n), Cost: pool.NewMatrix(1, n)}, pool.Predictions{Quality: pool.NewMatrix(1, n), Cost: pool.NewMatrix(1, n)}
	for m := range n {
		o.Quality.Values[m], o.Cost.Values[m], p.Quality.Values[m], p.Cost.Values[m] = *x.q[m], *x.c[m], *x.p[m], q.Models[m].FixedCost
		if q.Models[m].Predicted != "" {
			p.Cost.Values[m] = *x.k[m]
		}
	}
	path, err := pool.NewPath(o, p, 0)
	if err != nil {
		t.Fatal(err)
	}
	out := slices.Clone(path.Vertices)
	for i := len(out) - 1; i > 0; i-- {
		out[i].Quality, out[i].Cost = out[i].Quality-out[i-1].Quality, out[i].Cost-out[i-1].Cost
	}
	return out
}

func sortMoves(all []moved) []moved {
	slices.SortFunc(all, func(a, b moved) int {
		return cmp.Or(cmp.Compare(a.step, b.step), cmp.Compare(a.bin, b.bin), cmp.Compare(a.task, b.task), cmp.Compare(a.bucket, b.bucket))
	})
	return all
}

// checkMoves compares a summary of moves with the paths of single rows, and the number of times that
// each model is chosen with the number of rows.
func checkMoves(t *testing.T, table []map[string]string, rows []routed, q sqltext.Moves) {
	t.Helper()
	var got []moved
	for _, row := range table {
		m := moved{step: row["step"], task: row["task"], bin: value(t, row, "bin"), lo: value(t, row, "lambda_min"), hi: value(t, row, "lambda_max"), n: value(t, row, "n"),
			dq: value(t, row, "quality"), dc: value(t, row, "cost"), dqLess: value(t, row, "quality_loss"), dcLess: value(t, row, "cost_loss")}
		if b := value(t, row, "bucket"); b == b {
			m.bucket = number(b)
		}
		got = append(got, m)
		balance := 0.0
		for _, name := range modelNames {
			balance += value(t, row, "chosen:"+name)
		}
		if want := map[string]float64{"start": m.n}[m.step]; math.Abs(balance-want) > 1e-9*m.n {
			t.Errorf("%+v: models are chosen %v times, want %v", m, balance, want)
		}
	}
	got = sortMoves(got)
	want := wantMoves(t, rows, q)
	if len(got) != len(want) {
		t.Fatalf("%d rows, want %d", len(got), len(want))
	}
	near := func(a, b float64) bool { return math.Abs(a-b) <= 1e-9*max(1, math.Abs(b)) || a != a && b != b }
	for i, g := range got {
		w := want[i]
		if g.step != w.step || g.task != w.task || g.bucket != w.bucket || !near(g.bin, w.bin) || !near(g.lo, w.lo) || !near(g.hi, w.hi) || !near(g.n, w.n) ||
			!near(g.dq, w.dq) || !near(g.dc, w.dc) || !near(g.dqLess, w.dqLess) || !near(g.dcLess, w.dcLess) {
			t.Fatalf("row %d:\n%+v, want\n%+v", i+1, g, w)
		}
	}
	checkStart(t, table, rows, q)
}

// checkStart compares the sums of the models' qualities and costs that the starts hold.
func checkStart(t *testing.T, table []map[string]string, rows []routed, q sqltext.Moves) {
	t.Helper()
	if q.Within != nil || q.Weight != "" {
		return
	}
	for m, name := range modelNames {
		quality, cost := 0.0, 0.0
		for _, x := range rows {
			if x.usable(q) {
				quality, cost = quality-*x.q[m], cost-*x.c[m]
			}
		}
		for _, row := range table {
			quality, cost = quality+value(t, row, "quality:"+name), cost+value(t, row, "cost_usd:"+name)
		}
		if math.Abs(quality) > 1e-9*float64(len(rows)) || math.Abs(cost) > 1e-9*float64(len(rows)) {
			t.Errorf("model %s: quality differs by %v, cost by %v", name, quality, cost)
		}
	}
}

func checkPoolScan(t *testing.T, table []map[string]string, rows []routed) {
	t.Helper()
	want := wantMoves(t, rows, sqltext.Moves{Pool: poolOf(0)})
	unused, usable, moves, lo, hi := 0.0, 0.0, 0.0, math.Inf(1), 0.0
	for _, m := range want {
		switch m.step {
		case "unused":
			unused = m.n
		case "start":
			usable = m.n
		default:
			moves, lo, hi = moves+m.n, min(lo, m.lo), max(hi, m.hi)
		}
	}
	row := table[0]
	if len(table) != 1 || value(t, row, "total") != unused+usable || value(t, row, "usable") != usable || value(t, row, "moves") != moves ||
		value(t, row, "lo") != lo || value(t, row, "hi") != hi {
		t.Errorf("%v, want %v rows, %v usable, %v moves from %v to %v", table, unused+usable, usable, moves, lo, hi)
	}
}
