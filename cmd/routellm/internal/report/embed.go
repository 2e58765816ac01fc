package report

import (
	"encoding/base64"
	"encoding/binary"
	"strconv"
	"strings"
)

// embedded is the data for the page's script. Its form is compact, as it is the largest part
// of the page.
type embedded struct {
	Sections []embeddedPoints  `json:"sections"`
	Pools    []embeddedPool    `json:"pools"`
	Samples  []embeddedSamples `json:"samples"`
}

// embeddedPoints holds the operating points of a section. Each router maps the name of a
// column to its texts, joined by list.
type embeddedPoints struct {
	ID      string              `json:"id"`
	Unit    string              `json:"unit"`
	Price   *embeddedPrice      `json:"price"` // null if the costs are not known
	Routers []map[string]string `json:"routers"`
}

// embeddedPrice is a [Price].
type embeddedPrice struct {
	Strong   float64 `json:"strong"`
	Weak     float64 `json:"weak"`
	Decimals int     `json:"decimals"`
	Measured bool    `json:"measured"`
}

// embeddedPool holds the budgets of a pool. X has the place of each on the axis of the chart. The
// columns of a router are as in embeddedPoints, and Calls has one per model.
type embeddedPool struct {
	ID      string           `json:"id"`
	Unit    string           `json:"unit"`
	Models  []string         `json:"models"`
	X       []float64        `json:"x"`
	Texts   []string         `json:"texts"`
	Routers []embeddedBudget `json:"routers"`
}

type embeddedBudget struct {
	Quality string   `json:"quality"`
	Kept    string   `json:"kept"`
	Cost    string   `json:"cost"`
	Saved   string   `json:"saved"`
	Lambda  string   `json:"lambda"`
	Calls   []string `json:"calls"`
}

// embeddedSamples holds the samples of a benchmark. Sample i's id is the first Shared[i]
// characters of the previous id, followed by Rest[i]. Strong and Weak are indices into
// Values, Tasks into Names, see indices. Orders are base64 of little-endian integers of
// Width bytes.
type embeddedSamples struct {
	ID          string           `json:"id"`
	Unit        string           `json:"unit"`
	StrongModel string           `json:"strongModel"`
	WeakModel   string           `json:"weakModel"`
	Routers     []embeddedRouter `json:"routers"`
	Shared      []int            `json:"shared"`
	Rest        []string         `json:"rest"`
	Tasks       string           `json:"tasks"`
	Names       []string         `json:"names"`
	Values      []float64        `json:"values"`
	Strong      string           `json:"strong"`
	Weak        string           `json:"weak"`
	Right       float64          `json:"right"`
	Width       int              `json:"width"`
	Orders      []string         `json:"orders"`
	Flips       bool             `json:"flips"` // whether routers are compared
	Texts       string           `json:"texts"` // see Texts.embed; "" for none
}

// embeddedRouter is a [SampleRouter]. Counts has one number per position, see indices.
type embeddedRouter struct {
	Name    string `json:"name"`
	Section string `json:"section"`
	Row     int    `json:"row"`
	Counts  string `json:"counts"`
}

func dataOf(p Page) (embedded, error) {
	out := embedded{Sections: []embeddedPoints{}, Pools: []embeddedPool{}, Samples: []embeddedSamples{}}
	for _, s := range p.Sections {
		e := embeddedPoints{ID: s.ID, Unit: s.Points.Unit, Price: (*embeddedPrice)(s.Price)}
		for _, r := range s.Points.Routers {
			e.Routers = append(e.Routers, map[string]string{
				"threshold": list(r.Threshold), "calls": list(r.Calls), "future": list(r.Future),
				"quality": list(r.Quality), "curve": list(r.Curve), "band": list(r.Band), "retained": list(r.Retained),
				"usd": list(r.USD),
			})
		}
		out.Sections = append(out.Sections, e)
	}
	for _, s := range p.Pools {
		if len(s.Budgets.At) > 0 {
			out.Pools = append(out.Pools, s.embed())
		}
	}
	for _, x := range p.Samples {
		if x.TooMany {
			continue
		}
		e, err := x.embed()
		if err != nil {
			return out, err
		}
		out.Samples = append(out.Samples, e)
	}
	return out, nil
}

func (s PoolSection) embed() embeddedPool {
	b := s.Budgets
	out := embeddedPool{ID: s.ID, Unit: b.Unit, Models: b.Models, X: newPoolChart(s.Chart).positions(b.At), Texts: b.Texts}
	for _, r := range b.Routers {
		e := embeddedBudget{Quality: list(r.Quality), Kept: list(r.Kept), Cost: list(r.Cost), Saved: list(r.Saved), Lambda: list(r.Lambda), Calls: []string{}}
		for _, column := range r.Calls {
			e.Calls = append(e.Calls, list(column))
		}
		out.Routers = append(out.Routers, e)
	}
	return out
}

// list joins texts with commas. A text that equals the previous one becomes empty. The texts
// must not contain commas.
func list(texts []string) string {
	short := make([]string, len(texts))
	for i, t := range texts {
		if i == 0 || t != texts[i-1] {
			short[i] = t
		}
	}
	return strings.Join(short, ",")
}

func (f Samples) embed() (embeddedSamples, error) {
	out := embeddedSamples{
		ID: f.ID, Unit: f.Unit, StrongModel: f.StrongModel, WeakModel: f.WeakModel, Names: f.TaskNames, Right: f.Right, Width: 2, Flips: f.Flips != nil,
		Shared: []int{}, Rest: []string{}, Values: []float64{},
	}
	before := ""
	for _, id := range f.IDs {
		n := sharedBytes(before, id)
		out.Shared, out.Rest = append(out.Shared, n), append(out.Rest, id[n:])
		before = id
	}
	index := map[float64]int{}
	number := func(values []float64) string {
		ids := make([]int, len(values))
		for i, v := range values {
			if _, ok := index[v]; !ok {
				index[v] = len(out.Values)
				out.Values = append(out.Values, v)
			}
			ids[i] = index[v]
		}
		return indices(ids)
	}
	out.Strong, out.Weak, out.Tasks = number(f.Strong), number(f.Weak), indices(f.Tasks)
	if len(f.IDs) > 1<<16 {
		out.Width = 4
	}
	for _, r := range f.Routers {
		out.Orders = append(out.Orders, pack(r.Order, out.Width))
		out.Routers = append(out.Routers, embeddedRouter{r.Name, r.Section, r.Row, indices(r.Counts)})
	}
	var err error
	out.Texts, err = f.Texts.embed()
	return out, err
}

// indices joins numbers in base 36 as list does.
func indices(numbers []int) string {
	texts := make([]string, len(numbers))
	for i, n := range numbers {
		texts[i] = strconv.FormatInt(int64(n), 36)
	}
	return list(texts)
}

// sharedBytes returns the length of the common prefix. It stops before a non-ASCII byte, as
// the page's script counts UTF-16 code units, not bytes.
func sharedBytes(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] && a[n] < 0x80 {
		n++
	}
	return n
}

func pack(numbers []int, width int) string {
	var b []byte
	for _, n := range numbers {
		if width == 2 {
			b = binary.LittleEndian.AppendUint16(b, uint16(n))
		} else {
			b = binary.LittleEndian.AppendUint32(b, uint32(n))
		}
	}
	return base64.StdEncoding.EncodeToString(b)
}
