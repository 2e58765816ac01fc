package cli

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// textsOf is a function of JavaScript that lists the texts that a reader sees: each element with text of
// its own, its colour, what is behind it, and the size of its type. It runs in the browser.
const textsOf = `(() => {
	const parse = text => { const n = text.match(/[\d.]+/g).map(Number); return { r: n[0], g: n[1], b: n[2], a: n.length > 3 ? n[3] : 1 }; };
	const light = c => [c.r, c.g, c.b].map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4).reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
	const behind = e => { for (; e; e = e.parentElement) { const c = parse(getComputedStyle(e).backgroundColor); if (c.a > 0) return c; } return { r: 255, g: 255, b: 255 }; };
	const found = [];
	for (const e of document.querySelectorAll('body *')) {
		const own = [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim()) || ['INPUT', 'SELECT', 'TEXTAREA'].includes(e.tagName);
		if (!own || ['SCRIPT', 'STYLE', 'NOSCRIPT', 'OPTION'].includes(e.tagName) || e.tagName === 'title' || e.disabled || e.getClientRects().length === 0 || e.closest('.skip')) continue;
		const style = getComputedStyle(e);
		if (style.visibility === 'hidden') continue;
		const svg = e.namespaceURI !== 'http://www.w3.org/1999/xhtml';
		const front = parse(svg ? style.fill : style.color), back = behind(svg ? e.closest('figure') : e);
		const l = [light(front), light(back)].sort((a, b) => b - a);
		found.push({ text: (e.textContent || e.name || '').trim().slice(0, 40), contrast: (l[0] + 0.05) / (l[1] + 0.05), size: parseFloat(style.fontSize), bold: Number(style.fontWeight) >= 700 });
	}
	return found;
})()`

// readable fails for text with less contrast than WCAG's level AA asks for, and for type that is too small
// to read.
func (b *browser) readable(where string) {
	b.t.Helper()
	type text struct {
		Text           string
		Contrast, Size float64
		Bold           bool
	}
	all := ask(b, chromedp.Evaluate[[]text](textsOf))
	if len(all) < 10 {
		b.t.Errorf("%s: only %d texts were found", where, len(all))
	}
	for _, x := range all {
		least := 4.5
		if x.Size >= 24 || x.Bold && x.Size >= 18.66 {
			least = 3
		}
		if x.Contrast < least {
			b.t.Errorf("%s: %q has a contrast of %.2f, want at least %v", where, x.Text, x.Contrast, least)
		}
		if x.Size < 11 {
			b.t.Errorf("%s: %q is %v pixels high, want at least 11", where, x.Text, x.Size)
		}
	}
}

// axePath is where axe-core is, for a check that is skipped without it: npm install axe-core.
func axePath() string {
	for _, path := range []string{os.Getenv("ROUTELLM_AXE"), "../../../../out/axe/node_modules/axe-core/axe.min.js"} {
		if _, err := os.Stat(path); path != "" && err == nil {
			return path
		}
	}
	return ""
}

// accessible lets axe-core look for what WCAG's levels A and AA forbid, if it is here.
func (b *browser) accessible(where string) {
	b.t.Helper()
	path := axePath()
	if path == "" {
		b.t.Logf("%s: axe-core is not here: make axe installs it", where)
		return
	}
	source, err := os.ReadFile(path)
	if err != nil {
		b.t.Fatal(err)
	}
	run := string(source) + `;axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'] })
		.then(r => JSON.stringify(r.violations.map(v => v.id + ': ' + v.help + ': ' + v.nodes.slice(0, 3).map(n => n.html.slice(0, 120)).join(' | '))))`
	found, err := chromedp.Call(b.ctx, runtime.Evaluate, runtime.EvaluateParams{Expression: run, AwaitPromise: new(true), ReturnByValue: new(true)})
	if err != nil {
		b.t.Fatal(err)
	}
	var text string
	var violations []string
	if err := json.Unmarshal(found.Result.Value, &text); err != nil {
		b.t.Fatalf("%s: axe-core: %v %s", where, err, found.Result.Value)
	}
	if err := json.Unmarshal([]byte(text), &violations); err != nil {
		b.t.Fatal(err)
	}
	if len(violations) > 0 {
		b.t.Errorf("%s: axe-core finds\n%s", where, strings.Join(violations, "\n"))
	}
}

// TestContrastInBrowser checks the check: grey on white is found, and what is too small.
func TestContrastInBrowser(t *testing.T) {
	b := newBrowser(t)
	page := t.TempDir() + "/page.html"
	if err := os.WriteFile(page, []byte(`<body style="background:#fff">`+strings.Repeat(`<p>text</p>`, 10)+`<p style="color:#999">grey</p><p style="font-size:9px">small</p>`), 0o644); err != nil {
		t.Fatal(err)
	}
	b.do(chromedp.Navigate("file://" + page))
	type text struct {
		Text           string
		Contrast, Size float64
	}
	all := ask(b, chromedp.Evaluate[[]text](textsOf))
	if n := len(all); n != 12 || all[0].Contrast < 20.9 || all[10].Contrast < 2.84 || all[10].Contrast > 2.86 || all[11].Size != 9 {
		t.Errorf("texts %+v", all)
	}
}
