package report

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/routellm/routellm/cmd/routellm/internal/table"
	"github.com/routellm/routellm/plots"
)

// hostile is a name that would run as a script in a page that does not escape it.
const hostile = `</script><img src=x onerror=alert(1)>'"&|*`

// page returns a small page with hostile names everywhere.
func page() Page {
	t := &table.Table{Header: []string{"router", hostile}, Left: []int{1}}
	t.Add(hostile, "0.5")
	block := Block{hostile, t}
	column := make([]string, Positions)
	for i := range column {
		column[i] = fmt.Sprint(i / 500)
	}
	line := plots.Line{Name: hostile, Points: []plots.Point{{StrongFraction: 0, Quality: 0.2}, {StrongFraction: 1, Quality: 0.8}}}
	return Page{
		Title: hostile, Notes: []string{hostile},
		Pictures: []Picture{{ID: "p", Title: hostile, Summary: []string{hostile}, SVG: drawn(), Tables: []Block{block}}},
		Sections: []Section{{
			ID: "a", Title: hostile, Facts: []Fact{{hostile, hostile}}, Summary: []string{hostile}, Notes: []string{hostile}, Tables: []Block{block, block}, Tasks: &block,
			Chart:    plots.Curves{YLabel: hostile, YScale: 100, Strong: plots.Level{Name: hostile, Quality: 0.8}, Weak: plots.Level{Quality: 0.2}, Lines: []plots.Line{line}},
			Points:   Points{Unit: "%", Confidence: "95 %", Routers: []RouterPoints{{Name: hostile, Quality: column, Calls: column}}},
			Price:    &Price{Strong: 20, Weak: 10, Decimals: 2},
			Small:    Small{Note: hostile, Charts: []SmallChart{{Task: hostile, Samples: 3, Chart: plots.Curves{YLabel: hostile, YScale: 100, Lines: []plots.Line{line}}}}},
			Commands: []Command{{Does: hostile, Words: []string{hostile, "{router}"}}},
		}},
		Samples: []Samples{{
			ID: "f", Title: hostile, Notes: []string{hostile}, Flips: &block, StrongModel: hostile, WeakModel: hostile,
			Routers: []SampleRouter{{Name: hostile, Section: "a", Row: 0, Order: []int{1, 0}, Counts: []int{0, 1, 1}}, {Name: "b", Section: "a", Row: -1, Order: []int{0, 1}}},
			IDs:     []string{hostile, hostile + "é", "</script>"}, Tasks: []int{0, 0, 1}, TaskNames: []string{hostile, "u"}, Strong: []float64{1, 0.5, 1}, Weak: []float64{0, 1, 1}, Right: 0.5,
			Texts:        &Texts{Prompts: []string{hostile, "", "x"}, Strong: []string{"a", hostile, "c"}},
			FlipCommands: []Command{{Does: hostile, Words: []string{hostile, "{a}"}}},
		}},
		Provenance: []Block{block},
	}
}

// drawn returns a picture with a hostile name, as package plots draws it.
func drawn() []byte {
	var b bytes.Buffer
	l := plots.Learning{Title: hostile, Name: hostile, Points: []plots.LearningPoint{{Samples: 10, Value: 0.5, Lo: 0.4, Hi: 0.6}, {Samples: 20, Value: 0.6, Lo: 0.5, Hi: 0.7}}}
	if err := l.Curves().Write(&b, plots.SVG); err != nil {
		panic(err)
	}
	return b.Bytes()
}

func html(t *testing.T, p Page) string {
	t.Helper()
	var b bytes.Buffer
	if err := p.HTML(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func markdown(t *testing.T, p Page) string {
	t.Helper()
	var b bytes.Buffer
	if err := p.Markdown(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestSameBytes(t *testing.T) {
	first, text := html(t, page()), markdown(t, page())
	for range 5 {
		if html(t, page()) != first || markdown(t, page()) != text {
			t.Fatal("the same page gave different bytes")
		}
	}
}

// TestNamesStayText expects names to stay text, in the page's text, attributes and data.
func TestNamesStayText(t *testing.T) {
	got := html(t, page())
	if strings.Contains(got, "<img") || strings.Count(got, "</script>") != 2 {
		t.Error("a name became HTML")
	}
	if strings.Contains(markdown(t, page()), "<img") {
		t.Error("a name became HTML in Markdown")
	}
}

// TestNothingIsFetched expects the page to refer to no other resource.
func TestNothingIsFetched(t *testing.T) {
	got := html(t, page())
	for _, pattern := range []string{`(?i)\bsrc\s*=\s*["'a-z/]`, `<link`, `@import`, `url\(`, `https?://`, `\bfetch\(`, `XMLHttp`} {
		text := strings.NewReplacer("img src=x", "", "url(#area)", "").Replace(got) // the latter is a part of the same picture
		if found := regexp.MustCompile(pattern).FindString(text); found != "" {
			t.Errorf("the page has %q", found)
		}
	}
	policy := regexp.MustCompile(`Content-Security-Policy" content="([^"]*)"`).FindStringSubmatch(strings.ReplaceAll(got, "&#39;", "'"))
	if policy == nil || !strings.HasPrefix(policy[1], "default-src 'none'; ") || strings.Contains(policy[1], "script-src 'unsafe") || strings.Contains(policy[1], "eval") {
		t.Errorf("the page has no content security policy against requests and other programs: %q", policy)
	}
}

// TestDataReadsBack expects the script's data to decode to the page's values.
func TestDataReadsBack(t *testing.T) {
	raw := regexp.MustCompile(`(?s)id="data">(.*?)</script>`).FindStringSubmatch(html(t, page()))[1]
	var got embedded
	if err := json.Unmarshal([]byte(raw), &got); err != nil {
		t.Fatal(err)
	}
	f, want := got.Samples[0], page().Samples[0]
	var ids []string
	before := ""
	for i, n := range f.Shared {
		before = before[:n] + f.Rest[i]
		ids = append(ids, before)
	}
	if !slices.Equal(ids, want.IDs) {
		t.Errorf("ids %q, want %q", ids, want.IDs)
	}
	if order, _ := base64.StdEncoding.DecodeString(f.Orders[0]); !bytes.Equal(order, []byte{1, 0, 0, 0}) || f.Width != 2 {
		t.Errorf("order % x of width %d", order, f.Width)
	}
	if f.Strong != "0,1,0" || f.Weak != "2,0," || !slices.Equal(f.Values, []float64{1, 0.5, 0}) || f.Tasks != "0,,1" {
		t.Errorf("qualities %q, %q of %v, tasks %q", f.Strong, f.Weak, f.Values, f.Tasks)
	}
	quality := expand(got.Sections[0].Routers[0]["quality"])
	if !slices.Equal(quality, page().Sections[0].Points.Routers[0].Quality) || got.Sections[0].Routers[0]["threshold"] != "" {
		t.Error("the operating points do not decode to the same values")
	}
}

// expand decodes a list as the page's script does.
func expand(text string) []string {
	out := strings.Split(text, ",")
	for i := range out {
		if out[i] == "" && i > 0 {
			out[i] = out[i-1]
		}
	}
	return out
}

// TestTextsReadBack expects the compressed texts to decode to the texts of the samples, and long ones to
// be shortened where the page would be too large.
func TestTextsReadBack(t *testing.T) {
	read := func(x *Texts) [][]string {
		t.Helper()
		packed, err := x.embed()
		if err != nil {
			t.Fatal(err)
		}
		raw, err := base64.StdEncoding.DecodeString(packed)
		if err != nil {
			t.Fatal(err)
		}
		z, err := gzip.NewReader(bytes.NewReader(raw))
		if err != nil {
			t.Fatal(err)
		}
		var out [][]string
		if err := json.NewDecoder(z).Decode(&out); err != nil {
			t.Fatal(err)
		}
		return out
	}
	x := page().Samples[0].Texts
	if got := read(x); !slices.Equal(got[0], x.Prompts) || !slices.Equal(got[1], x.Strong) || got[2] != nil {
		t.Errorf("texts %q", got)
	}
	long := &Texts{Prompts: slices.Repeat([]string{strings.Repeat("é", 3000), "short"}, 1500)}
	got := read(long)
	if n := utf8.RuneCountInString(got[0][0]); n != 1002 || got[0][1] != "short" {
		t.Errorf("a text of 3,000 characters has %d, a short one is %q", n, got[0][1])
	}
	var b strings.Builder
	if err := long.note().Render(&b); err != nil || !strings.Contains(b.String(), "1,500 texts of more than 1,000 characters are shortened") {
		t.Errorf("the page says %q (%v)", b.String(), err)
	}
	if none, err := (&Texts{Prompts: slices.Repeat([]string{strings.Repeat("x", 130)}, 60_000)}).embed(); none != "" || err != nil {
		t.Errorf("60,000 texts have %d bytes (%v)", len(none), err)
	}
}

func TestManySamplesTakeWiderNumbers(t *testing.T) {
	f := Samples{IDs: make([]string, 1<<16+1), Routers: []SampleRouter{{Order: []int{1 << 16}}}}
	if e, err := f.embed(); err != nil || e.Width != 4 || e.Orders[0] != "AAABAA==" {
		t.Errorf("width %d, order %q, %v", e.Width, e.Orders[0], err)
	}
}

func TestTooManySamples(t *testing.T) {
	p := page()
	p.Samples[0].TooMany = true
	if got := html(t, p); !strings.Contains(got, "There are too many samples to list on this page: <code>routellm compare") || strings.Contains(got, `<select name="a">`) || !strings.Contains(got, `"samples":[]`) {
		t.Error("the page lists the samples, or does not say where to find them")
	}
}

// TestChartIsInside expects every position in the chart to be inside the picture, for any
// values.
func TestChartIsInside(t *testing.T) {
	flat := []plots.Point{{StrongFraction: 0, Quality: 5}, {StrongFraction: 1, Quality: 5}}
	for name, c := range map[string]plots.Curves{
		"page": page().Sections[0].Chart,
		"flat": {YScale: 1, Strong: plots.Level{Quality: 5}, Weak: plots.Level{Quality: 5}, Lines: []plots.Line{{Points: flat, Lo: flat, Hi: flat}}},
		"dots": {YScale: 1, Strong: plots.Level{Quality: 9}, Random: &plots.Band{Lo: flat, Mid: flat, Hi: flat}, Dots: []plots.Dot{{StrongFraction: 1, Quality: -3}}},
	} {
		x := newChart(c)
		for _, l := range append(x.Lines, *orEmpty(x.Random)) {
			for _, path := range []string{l.Path, l.Band} {
				for _, at := range visited(t, path) {
					if at[0] < 0 || at[0] > unit || at[1] < 0 || at[1] > unit {
						t.Errorf("%s: %v of %q is outside", name, at, path)
					}
				}
			}
		}
		for _, m := range slices.Concat(x.X, x.Y, x.Dots, x.Levels) {
			if m.X < 0 || m.X > unit || m.Y < 0 || m.Y > unit {
				t.Errorf("%s: %v is outside", name, m)
			}
		}
		if len(x.Y) < 2 {
			t.Errorf("%s: %d marks on the vertical axis", name, len(x.Y))
		}
	}
}

// visited returns the points that path data of one move and steps goes through.
func visited(t *testing.T, path string) [][2]int {
	t.Helper()
	start, steps, _ := strings.Cut(strings.TrimSuffix(strings.TrimPrefix(path, "M"), "Z"), "l")
	var out [][2]int
	x, y := 0, 0
	numbers := strings.Fields(start + " " + steps)
	for i := 0; i+1 < len(numbers); i += 2 {
		dx, err1 := strconv.Atoi(numbers[i])
		dy, err2 := strconv.Atoi(numbers[i+1])
		if err1 != nil || err2 != nil {
			t.Fatalf("%q is no path of steps", path)
		}
		x, y = x+dx, y+dy
		out = append(out, [2]int{x, y})
	}
	return out
}

// TestOracleLeavesRoom: a chart begins with the part of the axis that the other routers need, if the
// oracle needs much more.
func TestOracleLeavesRoom(t *testing.T) {
	line := func(name string, top float64) plots.Line {
		return plots.Line{Name: name, Points: []plots.Point{{StrongFraction: 0, Quality: 0.5}, {StrongFraction: 0.5, Quality: top}, {StrongFraction: 1, Quality: 0.6}}}
	}
	c := plots.Curves{YScale: 100, Strong: plots.Level{Quality: 0.6}, Weak: plots.Level{Quality: 0.5}, Lines: []plots.Line{line("mf", 0.58), line("oracle", 0.9)}}
	x := newChart(c)
	if x.Zoom == nil || x.Zoom.Top < unit/2 || x.Zoom.Top+x.Zoom.Height > unit || len(x.Zoom.Y) < 2 {
		t.Errorf("zoom %+v", x.Zoom)
	}
	c.Lines[1].Points[1].Quality = 0.6
	if x := newChart(c); x.Zoom != nil {
		t.Errorf("an oracle that needs no room: zoom %+v", x.Zoom)
	}
}

func orEmpty(l *line) *line {
	if l == nil {
		return &line{}
	}
	return l
}

// TestMarkup expects every element to be closed, every id to be unique, and every
// aria-labelledby to name an id.
func TestMarkup(t *testing.T) {
	got := html(t, page())
	d := xml.NewDecoder(strings.NewReader(regexp.MustCompile(`(?s)<(script|style).*?</(script|style)>`).ReplaceAllString(got, "")))
	d.Strict, d.AutoClose, d.Entity = false, append(xml.HTMLAutoClose, "meta", "input"), xml.HTMLEntity
	var open []string
	ids, wanted := map[string]int{}, []string{}
	for {
		token, err := d.Token()
		if err != nil {
			break
		}
		switch e := token.(type) {
		case xml.StartElement:
			open = append(open, e.Name.Local)
			for _, a := range e.Attr {
				switch a.Name.Local {
				case "id":
					ids[a.Value]++
				case "aria-labelledby":
					wanted = append(wanted, strings.Fields(a.Value)...)
				}
			}
		case xml.EndElement:
			if last := open[len(open)-1]; last != e.Name.Local {
				t.Fatalf("%s is closed in %s", e.Name.Local, last)
			}
			open = open[:len(open)-1]
		}
	}
	if len(open) > 0 || len(ids) < 6 {
		t.Errorf("%q are left open, %d ids", open, len(ids))
	}
	for id, n := range ids {
		if n > 1 {
			t.Errorf("id %q is used %d times", id, n)
		}
	}
	for _, id := range wanted {
		if ids[id] == 0 {
			t.Errorf("aria-labelledby names the id %q, which no element has", id)
		}
	}
}

func TestMarkdown(t *testing.T) {
	p := page()
	p.Title, p.Sections[0].Title = "Routers", "MMLU_a"
	got := markdown(t, p)
	for _, want := range []string{"# Routers\n", "\n## MMLU\\_a\n", "\n<details><summary>More tables and notes</summary>\n", "\n<details><summary>By task</summary>\n", "\n<details><summary>Provenance</summary>\n"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
	if strings.Count(got, "<details>") != strings.Count(got, "</details>") {
		t.Error("folds do not match")
	}
}

func TestCost(t *testing.T) {
	p := &Price{Strong: 20, Weak: 10, Decimals: 2}
	column, spent := make([]string, Positions), make([]string, Positions)
	column[Half], spent[Half] = "25.00", "11.00"
	r := RouterPoints{Calls: column, USD: spent}
	if got, saved := p.spent(r), p.saved(r); got != "12.50" || saved != "7.50" {
		t.Errorf("cost %q, saved %q", got, saved)
	}
	column[Half] = "25.00 to 50.00"
	if got := p.cost(column); got != "12.50 to 15.00" {
		t.Errorf("costs %q", got)
	}
	if got := p.cost(nil); got != "-" {
		t.Errorf("cost without calls: %q", got)
	}
	p.Measured = true
	if got, saved := p.spent(r), p.saved(r); got != "11.00" || saved != "9.00" {
		t.Errorf("measured: cost %q, saved %q", got, saved)
	}
	p = nil
	if got, saved := p.spent(r), p.saved(r); got != "-" || saved != "-" {
		t.Errorf("not known: cost %q, saved %q", got, saved)
	}
}

// TestUnknownCosts: without costs the page shows no column of them, and no prices that were made up.
func TestUnknownCosts(t *testing.T) {
	p := page()
	p.Sections[0].Price = nil
	got := html(t, p)
	for _, want := range []string{`data-k="cost" hidden`, `data-k="saved" hidden`, `"price":null`, "Costs are not known"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q", want)
		}
	}
}
