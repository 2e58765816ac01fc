package report

import (
	"encoding/json"
	"math"
	"regexp"
	"strings"
	"testing"

	"github.com/routellm/routellm/cmd/routellm/internal/table"
	"github.com/routellm/routellm/plots"
)

// poolPage returns a page of one pool whose texts could break a page.
func poolPage() Page {
	t := &table.Table{Header: []string{hostile}}
	t.Add(hostile)
	at := func(cost, quality float64) plots.CostPoint { return plots.CostPoint{Cost: cost, Quality: quality} }
	return Page{Title: hostile, Pools: []PoolSection{{
		ID: "p", Title: hostile, Facts: []Fact{{hostile, hostile}}, Summary: []string{hostile}, Notes: []string{hostile}, Tables: []Block{{hostile, t}, {"second", t}, {"third", t}},
		Chart: plots.Pool{
			XLabel: "USD per 1,000 prompts", YLabel: hostile, YScale: 1,
			Models: []plots.PoolModel{{Name: hostile, CostPoint: at(0.1, 0.2), Lo: 0.1, Hi: 0.3}, {Name: "big", CostPoint: at(9, 0.9)}},
			Static: []plots.CostPoint{at(0.1, 0.2), at(9, 0.9)}, Oracle: []plots.CostPoint{at(0.1, 0.5), at(2, 1)},
			Routers: []plots.CostLine{{Name: hostile, Points: []plots.CostPoint{at(0.1, 0.3), at(5, 0.8)}}}, Dots: []plots.CostDot{{Name: hostile, CostPoint: at(1, 0.5)}},
		},
		Budgets: Budgets{
			Unit: "USD per 1,000 prompts", Quality: "quality", Best: "big", Models: []string{hostile, "big"}, At: []float64{0.1, 1, 9}, Texts: []string{"0.100", "1.00", "9.00"},
			Routers: []BudgetRow{
				{Name: hostile, Quality: []string{"-", "0.5", "0.8"}, Cost: []string{"-", "1.00", "5.00"}, Saved: []string{"-", "8.00", "4.00"}, Kept: []string{"-", "55.6", "88.9"},
					Lambda: []string{"-", "2", "0.1"}, Calls: [][]string{{"-", "20.0", "5.0"}, {"-", "80.0", "95.0"}}},
				{Name: "oracle", Quality: []string{"0.5", "0.9", "1"}, Cost: []string{"0.100", "1.00", "2.00"}, Saved: []string{"8.90", "8.00", "7.00"}, Kept: []string{"55.6", "100.0", "111.1"}},
			},
		},
	}}}
}

// TestPoolPage: the page shows each router within the middle budget without JavaScript, and no text
// of a file becomes HTML.
func TestPoolPage(t *testing.T) {
	got := html(t, poolPage())
	for _, want := range []string{
		`max="2" value="1"`, `<span class="point">1.00 USD per 1,000 prompts</span>`, `<td data-k="saved">8.00</td>`, `<td data-k="lambda">2</td>`,
		`"x":[0.0`, `big 80.0 %, `, `<text class="name narrow"`, `<text class="name wide"`, `USD per 1,000 prompts, log scale`, `static mix of models`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q", want)
		}
	}
	if strings.Count(got, "</script>") != 2 || strings.Contains(got, "<img") {
		t.Error("a text of a file became HTML")
	}
	var data embedded
	raw := regexp.MustCompile(`(?s)id="data">(.*?)</script>`).FindStringSubmatch(got)[1]
	if err := json.Unmarshal([]byte(raw), &data); err != nil {
		t.Fatal(err)
	}
	if p := data.Pools[0]; strings.Join(expand(p.Routers[0].Calls[1]), " ") != "- 80.0 95.0" || p.X[0] >= p.X[1] || len(p.Routers[1].Calls) != 0 {
		t.Errorf("data %+v", p)
	}
}

// TestPoolChartIsInside expects every position in the chart to be inside the picture, also of one
// model and of free models, and of figures that cannot be drawn.
func TestPoolChartIsInside(t *testing.T) {
	one := plots.Pool{Models: []plots.PoolModel{{Name: "a", CostPoint: plots.CostPoint{Cost: 2, Quality: 1}}}}
	free := plots.Pool{Models: []plots.PoolModel{{Name: "a"}, {Name: "b", CostPoint: plots.CostPoint{Quality: 3}}}}
	bad := plots.Pool{Models: []plots.PoolModel{{Name: "a", CostPoint: plots.CostPoint{Cost: -1}}}}
	for name, p := range map[string]plots.Pool{"page": poolPage().Pools[0].Chart, "one model": one, "free": free, "empty": {}, "bad": bad} {
		c := newPoolChart(p)
		for _, m := range c.Models {
			for _, v := range []int{m.At.X, m.At.Y, m.Lo, m.Hi} {
				if v < 0 || v > unit {
					t.Errorf("%s: %d is outside", name, v)
				}
			}
			for _, l := range []label{m.Narrow, m.Wide} {
				if l.Text == "" || math.Abs(l.DX) > wideWidth || math.Abs(l.DY) > wideHeight {
					t.Errorf("%s: the name %q is placed at %v, %v", name, l.Text, l.DX, l.DY)
				}
			}
		}
		for i, x := range c.positions([]float64{0, 1, 2}) {
			if !(x >= 0 && x <= 1) {
				t.Errorf("%s: budget %d is at %v", name, i, x)
			}
		}
	}
}

func TestPoolMarkdown(t *testing.T) {
	got := markdown(t, poolPage())
	for _, want := range []string{"\nsecond\n", "<details><summary>More tables and notes</summary>\n\nthird\n"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
}
