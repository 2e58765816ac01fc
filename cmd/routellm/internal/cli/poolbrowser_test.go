package cli

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/routellm/routellm/cmd/routellm/internal/render"
	"github.com/routellm/routellm/results"
)

// TestPoolInBrowser opens a report of routers among several models, moves its budget in all ways,
// and compares what it shows with the results.
func TestPoolInBrowser(t *testing.T) {
	b := newBrowser(t)
	dir := t.TempDir()
	file, page := filepath.Join(dir, "results.json"), filepath.Join(dir, "report.html")
	runHere(t, "eval", "--models", "all", "--router", "knn,length", "--bench", "pareto", "--resamples", "100", "-o", dir)
	runHere(t, "report", file, "-o", page)
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := results.Read(data)
	if err != nil {
		t.Fatal(err)
	}
	p := doc.Pools[0]
	b.do(chromedp.Navigate("file://" + page))
	for _, at := range []string{"0", "70", "100"} {
		b.set("input[name=budget]", at)
		k := int(render.KeyNumber(at))
		if got, want := render.KeyNumber(b.texts(".points td[data-k=quality]")[0]), float64(p.Routers[0].Budgets[k].Quality); math.Abs(got-want) > 0.00051 {
			t.Errorf("at budget %s: quality %v, results.json has %v", at, got, want)
		}
		mix := b.texts(".points td[data-k=calls]")
		if len(mix) != len(p.Routers)+2 || !strings.Contains(mix[0], " %") || !strings.Contains(mix[len(p.Routers)], " %") || mix[len(mix)-1] != "-" {
			t.Errorf("at budget %s: calls %q", at, mix)
		}
	}
	if caption, saved := b.texts(".point")[0], b.texts(".points td[data-k=saved]"); caption != "13.40 USD per 1,000 prompts" || math.Abs(render.KeyNumber(saved[0])) > 1e-6 {
		t.Errorf("at the best model's cost: %q, saved %q", caption, saved)
	}
	b.set("input[name=usd]", "1")
	if shown := b.value("output[name=shown]"); !(render.KeyNumber(strings.Fields(shown)[0]) <= 1) || render.KeyNumber(strings.Fields(shown)[0]) < 0.9 {
		t.Errorf("a budget of 1 leads to %q", shown)
	}
	b.set("input[name=quality]", "0.9")
	if got := render.KeyNumber(b.texts(".points td[data-k=quality]")[0]); got < 0.8995 || got > 0.92 {
		t.Errorf("a quality of 0.9 leads to %v", got)
	}
	b.set("input[name=quality]", "2")
	if said := b.texts(".pool .said")[0]; said != "knn never reaches a quality of 2 within these budgets." {
		t.Errorf("for too much quality the page says %q", said)
	}
	b.set("input[name=usd]", "0.001")
	if said := b.texts(".pool .said")[0]; !strings.HasPrefix(said, "No budget is as small as 0.001: the smallest is 0.02601 USD") {
		t.Errorf("for too little the page says %q", said)
	}
	b.do(chromedp.Focus(chromedp.CSS(".canvas svg")), chromedp.KeyEvent(kb.Home), chromedp.KeyEvent(kb.PageUp), chromedp.KeyEvent(kb.ArrowRight))
	if at, tip := b.value("input[name=budget]"), b.texts(".tip")[0]; at != "11" || !strings.Contains(tip, " USD per 1,000 prompts\n") || !strings.Contains(tip, "  static mix") {
		t.Errorf("keys lead to %s: %q", at, tip)
	}
	b.fits("pool")
	if len(b.complaint) > 0 {
		t.Errorf("the browser complains: %q", b.complaint)
	}
}
