package sqltext

import (
	"fmt"
	"math"
	"strings"
)

// A row's models are lines p - lambda k. Model m is chosen for lambda between its ends: below all
// lambdas at which it overtakes a cheaper model, and above all at which a more expensive one
// overtakes it. In the expressions, the largest number stands for infinity. Models with equal p and k
// are one line, whose quality and cost are their means; the first of them stands for it.

// line returns the columns of model m's line: rl_end and rl_begin, between which it is chosen;
// rl_twins, the number of models with the same line, and their mean quality and cost; and rl_hidden,
// which is 1 if a better model costs the same or an equal one comes before it.
func (d Dialect) line(p Pool, m int) string {
	pm, km, qm, cm := names(m)
	zero, infinity := d.literal(0), d.literal(math.MaxFloat64)
	var hides, ends, begins, twins, qualities, costs []string
	for j := range p.Models {
		if j == m {
			continue
		}
		pj, kj, qj, cj := names(j)
		better := " > "
		if j < m {
			better = " >= "
		}
		hides = append(hides, kj+" = "+km+" AND "+pj+better+pm)
		ends = append(ends, fmt.Sprintf("CASE WHEN rl_usable = 1 AND %s > %s THEN (%s - %s) / (%s - %s) ELSE %s END", kj, km, pj, pm, kj, km, zero))
		begins = append(begins, fmt.Sprintf("CASE WHEN rl_usable = 1 AND %s < %s THEN (%s - %s) / (%s - %s) ELSE %s END", kj, km, pm, pj, km, kj, infinity))
		same := func(x string) string {
			return fmt.Sprintf(" + CASE WHEN %s = %s AND %s = %s THEN %s ELSE %s END", kj, km, pj, pm, x, zero)
		}
		twins, qualities, costs = append(twins, same(d.literal(1))), append(qualities, same(qj)), append(costs, same(cj))
	}
	return strings.Join([]string{
		fmt.Sprintf("CASE WHEN %s THEN 1 ELSE 0 END AS rl_hidden%d", strings.Join(hides, " OR "), m),
		fmt.Sprintf("GREATEST(%s, %s) AS rl_end%d", zero, strings.Join(ends, ", "), m),
		fmt.Sprintf("LEAST(%s, %s) AS rl_begin%d", infinity, strings.Join(begins, ", "), m),
		fmt.Sprintf("%s%s AS rl_twins%d", d.literal(1), strings.Join(twins, ""), m),
		fmt.Sprintf("%s%s AS rl_quality%d", qm, strings.Join(qualities, ""), m),
		fmt.Sprintf("%s%s AS rl_cost%d", cm, strings.Join(costs, ""), m),
	}, ",\n    ")
}

// reigns returns a column that says whether model m is chosen at any lambda above 0.
func reigns(m int) string {
	return fmt.Sprintf("CASE WHEN rl_usable = 1 AND rl_hidden%d = 0 AND rl_end%d < rl_begin%d THEN 1 ELSE 0 END AS rl_on%d", m, m, m, m)
}

// taken returns the columns of rl_steps that belong to the line of the model rl_m.
func (p Pool) taken() []string {
	var columns []string
	for _, x := range []string{"on", "begin", "k", "p", "twins", "quality", "cost"} {
		text := "CASE rl_m"
		for m := range p.Models {
			text += fmt.Sprintf(" WHEN %d THEN rl_%s%d", m, x, m)
		}
		columns = append(columns, text+" END AS rl_to_"+x)
	}
	return columns
}

// before returns a column with the predicted cost of the line that the row moves from: the most
// expensive one of those that are chosen and cheaper. It is minus the largest number at the start.
func (d Dialect) before(p Pool) string {
	least := d.literal(-math.MaxFloat64)
	costs := p.each(func(m int) string {
		return fmt.Sprintf("CASE WHEN rl_on%d = 1 AND rl_k%d < rl_to_k THEN rl_k%d ELSE %s END", m, m, m, least)
	})
	return "GREATEST(" + least + ", " + strings.Join(costs, ", ") + ") AS rl_from_k"
}

// left returns the columns of rl_pairs that belong to the line that the row moves from.
func (d Dialect) left(p Pool) []string {
	var columns []string
	for _, x := range []string{"p", "twins", "quality", "cost"} {
		sum := p.each(func(m int) string {
			return fmt.Sprintf("CASE WHEN rl_on%d = 1 AND rl_k%d = rl_from_k THEN rl_%s%d ELSE %s END", m, m, x, m, d.literal(0))
		})
		columns = append(columns, strings.Join(sum, " + ")+" AS rl_from_"+x)
	}
	return columns
}

// changes returns the columns of rl_moves: what step it is, at which lambda, by how much quality and
// cost change, and how each model's share of the row does.
func (d Dialect) changes(p Pool) []string {
	start := "rl_to_begin = " + d.literal(math.MaxFloat64)
	columns := []string{
		"CASE WHEN rl_usable = 0 THEN 'unused' WHEN " + start + " THEN 'start' ELSE 'move' END AS rl_step",
		usable("CASE WHEN "+start+" THEN NULL ELSE rl_to_begin END") + " AS rl_lambda",
		d.change("rl_to_quality", "rl_from_quality") + " AS rl_dq",
		d.change("rl_to_cost", "rl_from_cost") + " AS rl_dc",
	}
	for m := range p.Models {
		share := func(line string) string {
			return fmt.Sprintf("CASE WHEN rl_k%d = rl_%s_k AND rl_p%d = rl_%s_p THEN %s / rl_%s_twins ELSE %s END", m, line, m, line, d.literal(1), line, d.literal(0))
		}
		columns = append(columns, usable(share("to")+" - "+share("from"))+fmt.Sprintf(" AS rl_share%d", m),
			fmt.Sprintf("CASE WHEN rl_usable = 1 AND %s THEN rl_q%d END AS rl_all_q%d", start, m, m),
			fmt.Sprintf("CASE WHEN rl_usable = 1 AND %s THEN rl_c%d END AS rl_all_c%d", start, m, m))
	}
	return append(columns, p.usable(d)...)
}

// change returns the difference of two sums over the models of two lines, each divided by their number.
// There is no line before the start.
func (d Dialect) change(to, from string) string {
	return usable(fmt.Sprintf("%s / rl_to_twins - CASE WHEN rl_from_twins > %s THEN %s / rl_from_twins ELSE %s END", to, d.literal(0), from, d.literal(0)))
}

// moveBin returns the expression of a move's bin; NULL for starts and rows that cannot be used.
func (d Dialect) moveBin(b Bins) string {
	if len(b.pieces) == 0 {
		return "rl_lambda"
	}
	return "CASE WHEN rl_lambda IS NULL THEN NULL" + b.branches(d, "rl_lambda") + " END"
}

// moveSums returns the columns of a summary of moves.
func (d Dialect) moveSums(p Pool) []string {
	counts, weight := p.counts(d)
	columns := append([]string{"rl_step AS " + d.id("step"), "rl_bin AS " + d.id("bin")}, p.labels(d)...)
	columns = append(columns, "MIN(rl_lambda) AS "+d.id("lambda_min"), "MAX(rl_lambda) AS "+d.id("lambda_max"))
	columns = append(columns, counts...)
	less := func(x string) string {
		return fmt.Sprintf("CASE WHEN %s < %s THEN %s ELSE %s END", x, d.literal(0), x, d.literal(0))
	}
	columns = append(columns, d.sum(weight+"rl_dq", "quality"), d.sum(weight+"rl_dc", "cost"),
		d.sum(weight+less("rl_dq"), "quality_loss"), d.sum(weight+less("rl_dc"), "cost_loss"))
	for m, x := range p.Models {
		columns = append(columns, d.sum(fmt.Sprintf("%srl_share%d", weight, m), "chosen:"+x.Name),
			d.sum(fmt.Sprintf("%srl_all_q%d", weight, m), "quality:"+x.Name), d.sum(fmt.Sprintf("%srl_all_c%d", weight, m), "cost_usd:"+x.Name))
	}
	return columns
}
