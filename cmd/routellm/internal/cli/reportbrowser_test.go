package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
	"github.com/routellm/routellm/cmd/routellm/internal/render"
	"github.com/routellm/routellm/results"
)

// browser is a headless Chromium with a report open, and what it complained of.
type browser struct {
	t    *testing.T
	ctx  context.Context
	site string // beginning of the addresses that a page may ask for, beside its own file

	lock      sync.Mutex
	complaint []string
}

// newBrowser starts Chromium, or skips the test where there is none.
func newBrowser(t *testing.T) *browser {
	path := ""
	for _, name := range []string{"google-chrome", "chromium-browser", "chromium"} {
		if found, err := exec.LookPath(name); err == nil {
			path = found
		}
	}
	if path == "" {
		if os.Getenv("ROUTELLM_REQUIRE_BROWSER") == "1" {
			t.Fatal("chromium is required: apt-get install chromium")
		}
		t.Skip("skipped: no chromium")
	}
	options := append(slices.Clone(chromedp.DefaultExecAllocatorOptions[:]), chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.WindowSize(1200, 900))
	allocated, stop := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(stop)
	ctx, quit := chromedp.NewContext(allocated)
	t.Cleanup(quit)
	ctx, end := context.WithTimeout(ctx, 2*time.Minute)
	t.Cleanup(end)
	b := &browser{t: t, ctx: ctx}
	if err := chromedp.Listen(ctx, b.listen); err != nil {
		t.Fatal(err)
	}
	command(b, network.Enable, network.EnableParams{})
	command(b, log.Enable, cdp.Empty{})
	command(b, runtime.Enable, cdp.Empty{})
	return b
}

// listen notes errors, and requests that leave the page.
func (b *browser) listen(event any) {
	said := ""
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		if own := b.site != "" && strings.HasPrefix(e.Request.URL, b.site); !own && !strings.HasPrefix(e.Request.URL, "file:") && !strings.HasPrefix(e.Request.URL, "blob:") {
			said = "request to " + e.Request.URL
		}
	case *runtime.EventExceptionThrown:
		said = e.ExceptionDetails.Text
	case *runtime.EventConsoleAPICalled:
		said = fmt.Sprintf("console.%s", e.Type)
	case *log.EventEntryAdded:
		said = "log: " + e.Entry.Text
	}
	if said != "" {
		b.lock.Lock()
		defer b.lock.Unlock()
		b.complaint = append(b.complaint, said)
	}
}

func (b *browser) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, steps...); err != nil {
		b.t.Fatal(err)
	}
}

// command sends a command of the protocol.
func command[P, R any](b *browser, c cdp.Command[P, R], params P) {
	b.t.Helper()
	if _, err := chromedp.Call(b.ctx, c, params); err != nil {
		b.t.Fatal(err)
	}
}

// ask takes the value of an action.
func ask[T any](b *browser, action chromedp.Action[T]) T {
	b.t.Helper()
	value, err := chromedp.Run(b.ctx, action)
	if err != nil {
		b.t.Fatal(err)
	}
	return value
}

// texts are those of all elements that match.
func (b *browser) texts(selector string) []string {
	b.t.Helper()
	return ask(b, chromedp.Evaluate[[]string](fmt.Sprintf("[...document.querySelectorAll(%q)].map(e => e.textContent)", selector)))
}

// set types a value into a form's field, as a person does who then leaves it.
func (b *browser) set(selector, value string) {
	b.t.Helper()
	ask(b, chromedp.Evaluate[bool](fmt.Sprintf(`{ const e = document.querySelector(%q); e.value = %q;
		e.dispatchEvent(new Event('input', {bubbles: true})); e.dispatchEvent(new Event('change', {bubbles: true})); }`, selector, value)))
}

func (b *browser) value(selector string) string {
	b.t.Helper()
	return ask(b, chromedp.Evaluate[string](fmt.Sprintf("document.querySelector(%q).value", selector)))
}

// visible reports whether an element takes room on the page.
func (b *browser) visible(selector string) bool {
	b.t.Helper()
	return ask(b, chromedp.Evaluate[bool](fmt.Sprintf("document.querySelector(%q).offsetParent !== null", selector)))
}

// picture leaves a picture of the page in the folder that ROUTELLM_SCREENSHOTS names, for
// people.
func (b *browser) picture(name string) {
	dir := os.Getenv("ROUTELLM_SCREENSHOTS")
	if dir == "" {
		return
	}
	png := ask(b, chromedp.FullScreenshot(100))
	if err := os.WriteFile(filepath.Join(dir, name+".png"), png, 0o644); err != nil {
		b.t.Fatal(err)
	}
}

// runHere runs a command that has to succeed.
func runHere(t *testing.T, args ...string) []byte {
	t.Helper()
	var out, errs bytes.Buffer
	if code := Main(args, &out, &errs); code != cmdutil.ExitDone {
		t.Fatalf("%q exits with %d: %s", args, code, errs.String())
	}
	return out.Bytes()
}

// TestReportInBrowser opens a report of eight routers on MMLU and does what a reader does.
func TestReportInBrowser(t *testing.T) {
	b := newBrowser(t)
	dir := t.TempDir()
	file, page := filepath.Join(dir, "results.json"), filepath.Join(dir, "report.html")
	runHere(t, "eval", "--router", "random,length,mf,sw_ranking,knn,bert,subject,oracle", "--bench", "mmlu", "--resamples", "100", "-o", dir)
	runHere(t, "report", file, "-o", page)
	info, err := os.Stat(page)
	if err != nil || info.Size() > 1_500_000 {
		t.Fatalf("the page has %v bytes (%v)", info.Size(), err)
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := results.Read(data)
	if err != nil {
		t.Fatal(err)
	}
	b.do(chromedp.Navigate("file://" + page))
	b.pointsAreResults(doc.Benchmarks[0])
	b.pointByQuality(doc.Benchmarks[0])
	b.pointByCost()
	b.chartHasKeys()
	b.tableSorts()
	b.flipsAreCompare(file)
	b.fits("report")
	if len(b.complaint) > 0 {
		t.Errorf("the browser complains: %q", b.complaint)
	}
	b.readsWithoutProgram(page)
}

// TestFewSamplesInBrowser sets thresholds and costs where many positions share one.
func TestFewSamplesInBrowser(t *testing.T) {
	b := newBrowser(t)
	dir := t.TempDir()
	page := filepath.Join(dir, "report.html")
	runHere(t, "eval", "--router", "mf,subject", "--bench", "mt-bench", "--resamples", "100", "-o", dir)
	runHere(t, "report", filepath.Join(dir, "results.json"), "-o", page, "--price", "1,0")
	b.do(chromedp.Navigate("file://" + page))
	leads := func(field, value, want string) {
		t.Helper()
		b.set("input[name="+field+"]", value)
		if got := b.value("input[name=share]"); got != want {
			t.Errorf("%s %s leads to %s, want %s", field, value, got, want)
		}
	}
	half := b.value("input[name=threshold]")
	leads("threshold", "1", "0")
	leads("threshold", half, "500")
	leads("share", "3", "3") // no threshold is that rare here
	leads("cost", "0.25", "250")
	leads("cost", "-1", "250")
	if said := b.texts(".bench .said")[0]; said != "mf never costs as little as -1." {
		t.Errorf("for too little the page says %q", said)
	}
	b.set("input[name=budget]", "300") // each router within 0.3 USD: subject, whose scores are tied, at none
	if caption, costs := b.texts(".point")[0], b.texts(".points td[data-k=cost]"); caption != "Every router at its threshold with the most strong calls within 0.300 USD per 1,000 prompts" ||
		!(render.KeyNumber(costs[0]) > 0.28 && render.KeyNumber(costs[0]) <= 0.3) || costs[1] != "0.000" {
		t.Errorf("within a budget: %q, %q", caption, costs)
	}
	leads("share", "500", "500")
	if caption := b.texts(".point")[0]; caption != "Every router at its threshold for 50.0 % strong calls" {
		t.Errorf("after the budget: %q", caption)
	}
	b.set("select[name=router]", "1") // subject, which knows none here: all or nothing
	leads("cost", "0.99", "0")
	leads("cost", "1", "1000")
	if len(b.complaint) > 0 {
		t.Errorf("the browser complains: %q", b.complaint)
	}
}

// pointsAreResults moves the slider to where results.json has a quality. A row is about whole
// samples, and so up to a sample away from the curve. Where scores are tied, it is about more calls.
func (b *browser) pointsAreResults(want results.Benchmark) {
	for _, share := range []string{"0.2", "0.5", "0.8"} {
		position := fmt.Sprint(math.Round(1000 * render.KeyNumber(share)))
		b.set("input[name=share]", position)
		got, calls := b.texts(".points td[data-k=quality]"), b.texts(".points td[data-k=calls]")
		k := 0
		for _, r := range want.Routers {
			if r.Point != nil {
				continue
			}
			off := render.KeyNumber(calls[k]) - 100*render.KeyNumber(share)
			if tied := slices.Contains([]string{"subject", "length", "oracle"}, r.Name); off < -0.011 || !tied && off > 0.011 {
				b.t.Errorf("%s at %s: the row is about %s %% calls", r.Name, share, calls[k])
			}
			want := 100 * float64(r.Metrics.QualityAt[share].Value)
			if off < 0.011 && math.Abs(render.KeyNumber(got[k])-want) > 0.015 {
				b.t.Errorf("%s at %s: %q, results.json has %.2f", r.Name, share, got[k], want)
			}
			k++
		}
		if k != len(got) || k != 8 {
			b.t.Errorf("%d rows for %d routers", len(got), k)
		}
	}
}

// pointByQuality asks for a quality, and gets the calls that results.json has for it.
func (b *browser) pointByQuality(want results.Benchmark) {
	b.set("select[name=router]", "2") // mf
	b.set("input[name=quality]", fmt.Sprint(95*float64(want.StrongQuality)))
	position, err := strconv.Atoi(b.value("input[name=share]"))
	if calls := 1000 * float64(want.Routers[2].Metrics.FractionFor["0.95"].Value); err != nil || position != int(math.Ceil(calls)) {
		b.t.Errorf("at position %d for 95 %% of the strong model's quality, results.json has %.3f", position, calls)
	}
	threshold := b.texts(".points td[data-k=threshold]")[2]
	b.set("input[name=share]", "0")
	b.set("input[name=threshold]", threshold)
	if got := b.value("input[name=share]"); got != fmt.Sprint(position) {
		b.t.Errorf("threshold %s leads to %s, it was shown at %d", threshold, got, position)
	}
	b.set("input[name=quality]", "99.5")
	if said := b.texts(".bench .said")[0]; said != "mf never reaches a quality of 99.5." {
		b.t.Errorf("for too much quality the page says %q", said)
	}
}

func (b *browser) pointByCost() {
	if b.visible("input[name=budget]") || b.visible("input[name=cost]") || b.visible(".points td[data-k=cost]") {
		b.t.Error("costs are shown that are not known")
	}
	b.set("input[name=strong]", "20")
	b.set("input[name=weak]", "10")
	if !b.visible("input[name=budget]") || !b.visible(".points td[data-k=saved]") {
		b.t.Error("costs of given prices are not shown")
	}
	b.set("input[name=cost]", "12.5")
	if at, cost := b.value("input[name=share]"), b.texts(".points td[data-k=cost]")[0]; at != "250" || cost != "12.50" {
		b.t.Errorf("cost %s at %s", cost, at)
	}
}

// chartHasKeys moves the operating point from the chart, and looks at it with the pointer.
func (b *browser) chartHasKeys() {
	b.do(chromedp.Focus(chromedp.CSS(".canvas svg")), chromedp.KeyEvent(kb.Home), chromedp.KeyEvent(kb.PageUp), chromedp.KeyEvent(kb.ArrowRight))
	if at, tip := b.value("input[name=share]"), b.texts(".tip")[0]; at != "101" || !strings.HasPrefix(tip, "10.1 % strong calls\n") {
		b.t.Errorf("keys lead to %s: %q", at, tip)
	}
	b.do(chromedp.Blur(chromedp.CSS(".canvas svg")))
	middle := ask(b, chromedp.Evaluate[[]float64](`(r => [r.x + r.width / 2, r.y + r.height / 2])(document.querySelector('.plot').getBoundingClientRect())`))
	b.do(chromedp.MouseEvent(input.DispatchMouseEventTypeMouseMoved, middle[0], middle[1]))
	if at, tip := b.value("input[name=share]"), b.texts(".tip:not([hidden])"); at != "101" || len(tip) != 1 || !strings.HasPrefix(tip[0], "50.0 % strong calls\n85.85 %  oracle\n76.99 %  knn\n") {
		b.t.Errorf("the pointer at half the calls shows %q, the slider is at %s", tip, at)
	}
}

func (b *browser) tableSorts() {
	column := ".bench table.sortable tbody tr th"
	before := b.texts(column)[:10]
	b.do(chromedp.Click(`//th[button[text()="APGR"]]/button`), chromedp.Click(`//th[button[text()="APGR"]]/button`))
	after := b.texts(column)[:10]
	if after[0] != "oracle" || after[7] != "random" || !slices.Equal(slices.Sorted(slices.Values(before)), slices.Sorted(slices.Values(after))) {
		b.t.Errorf("sorted by APGR: %q", after)
	}
}

// flipsAreCompare compares the listed samples with those of compare.
func (b *browser) flipsAreCompare(file string) {
	b.set(".flips select[name=a]", "1") // mf
	b.set(".flips select[name=b]", "0") // length
	b.set(".flips input[name=share]", "30")
	got := strings.Fields(b.value(".flips textarea"))
	var doc results.Comparison
	raw := runHere(b.t, "compare", file+"@mf", file+"@length", "--at", "0.3", "--flips", "--resamples", "39", "--permutations", "0", "--format", "json")
	if err := json.Unmarshal(raw, &doc); err != nil {
		b.t.Fatal(err)
	}
	var want []string
	for _, task := range doc.Benchmarks[0].Pairs[0].Decisions.Tasks {
		want = append(want, task.Rescues...)
	}
	if len(want) < 100 || !slices.Equal(slices.Sorted(slices.Values(got)), slices.Sorted(slices.Values(want))) {
		b.t.Errorf("%d samples are listed, compare has %d", len(got), len(want))
	}
	d := doc.Benchmarks[0].Pairs[0].Decisions
	text := fmt.Sprintf("mf against length at 30 %% strong calls: %d rescues, %d losses, %d safe, %d hard.", d.Rescues, d.Losses, d.Safe, d.Hard)
	if said := b.texts(".flips .said")[0]; said != text {
		b.t.Errorf("%q, compare has %q", said, text)
	}
}

// fits looks for what is wider than the window, for small type, and for what readers with other eyes miss,
// from a telephone's width up, light and dark.
func (b *browser) fits(name string) {
	b.t.Helper()
	for _, scheme := range []string{"light", "dark"} {
		for _, width := range []int64{390, 1280} {
			command(b, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}})
			b.do(chromedp.EmulateViewport(width, 900))
			excess := ask(b, chromedp.Evaluate[int]("document.documentElement.scrollWidth - document.documentElement.clientWidth"))
			if excess > 0 {
				b.t.Errorf("%s, %s: %d pixels do not fit into %d", name, scheme, excess, width)
			}
			b.readable(fmt.Sprintf("%s, %s, %d pixels", name, scheme, width))
			b.picture(fmt.Sprintf("%s-%s-%d", name, scheme, width))
		}
	}
	b.accessible(name)
}

// readsWithoutProgram: with JavaScript off the tables are there, the controls are not.
func (b *browser) readsWithoutProgram(page string) {
	command(b, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
	b.do(chromedp.Navigate("file://" + page + "?plain"))
	text := ask(b, chromedp.Text(chromedp.CSS("body")))
	for _, want := range []string{"Without JavaScript, all tables are shown", "Every router at its threshold for 50.0 % strong calls", "76.87", "By task", "abstract_algebra", "Provenance"} {
		if !strings.Contains(text, want) {
			b.t.Errorf("the page has no %q without JavaScript", want)
		}
	}
	if strings.Contains(text, "Prices, USD per 1,000 prompts") {
		b.t.Error("controls are shown that do nothing")
	}
	b.picture("report-plain")
}
