package cli

import (
	"bytes"
	"encoding/csv"
	"encoding/xml"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/routellm/routellm/cmd/routellm/internal/render"
)

// hostilePrompt would run as a program in a page that does not escape it.
const hostilePrompt = `</script><img src=x onerror="alert(1)"> & the capital of Peru?`

// ownOutcomes writes 130 samples of two tasks with prompts and answers, longer ones harder, and returns the
// path.
func ownOutcomes(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	w := csv.NewWriter(&b)
	write := func(cells ...string) {
		if err := w.Write(cells); err != nil {
			t.Fatal(err)
		}
	}
	write("sample_id", "task", "prompt", "quality:big", "quality:small", "answer:big", "answer:small")
	for i := range 130 {
		prompt, task := fmt.Sprintf("Add %d and %d.%s", i, 2*i, strings.Repeat(" Think twice.", i%7)), "sums"
		if i%3 == 0 {
			prompt, task = fmt.Sprintf("Name town %d.", i), "towns"
		}
		if i == 100 {
			prompt = hostilePrompt
		}
		big, small := "1", "1"
		if i%7 > 3 {
			small = "0"
		}
		if i%50 == 9 {
			big = "0"
		}
		write(fmt.Sprintf("own/%s %03d", task, i), task, prompt, big, small, fmt.Sprint(3*i), "=1+1,\"x\"")
	}
	w.Flush()
	path := filepath.Join(t.TempDir(), "own.csv")
	if err := os.WriteFile(path, []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// ownPage makes a report of the samples of ownOutcomes and returns its address.
func ownPage(t *testing.T) string {
	t.Helper()
	page := filepath.Join(t.TempDir(), "own.html")
	runHere(t, "report", ownOutcomes(t), "--pair", "big,small", "--router", "length,random,oracle", "-o", page)
	return "file://" + page
}

// keepDownloads keeps the texts of downloads in the page, as saved, instead of in files.
const keepDownloads = `(() => { window.saved = []; window.names = []; HTMLAnchorElement.prototype.click = function () { names.push(this.download); };
	URL.createObjectURL = blob => { blob.text().then(text => saved.push(text)); return 'blob:none'; }; return true; })()`

// eventually waits until an expression of JavaScript is true.
func (b *browser) eventually(expression string) {
	b.t.Helper()
	for range 100 {
		if ask(b, chromedp.Evaluate[bool]("!!("+expression+")")) {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	b.t.Fatalf("%s does not come true", expression)
}

// TestSamplesInBrowser opens a page with prompts and answers, and does what a reader does with samples.
func TestSamplesInBrowser(t *testing.T) {
	b := newBrowser(t)
	page := ownPage(t)
	b.do(chromedp.Navigate(page + "#sample=own%2Fsums%20100"))
	b.eventually(`document.querySelector('.detail pre')`)
	b.sampleIsOpen()
	b.samplesAreChosen()
	b.samplesAreSaved()
	b.decisionsChange()
	b.commandsAreCopied()
	b.chartIsSaved()
	b.fits("samples")
	b.prints()
	if len(b.complaint) > 0 {
		t.Errorf("the browser complains: %q", b.complaint)
	}
}

// sampleIsOpen expects the sample that the address names to be open, with its texts, which stay text.
func (b *browser) sampleIsOpen() {
	if at := ask(b, chromedp.Evaluate[string]("document.activeElement.textContent")); at != "own/sums 100" {
		b.t.Errorf("the address leads to %q", at)
	}
	if got := b.texts(".detail pre"); !slices.Equal(got, []string{hostilePrompt, "300", `=1+1,"x"`}) {
		b.t.Errorf("the sample has the texts %q", got)
	}
	if n := ask(b, chromedp.Evaluate[int]("document.querySelectorAll('img').length")); n > 0 {
		b.t.Errorf("a prompt became %d pictures", n)
	}
	// Enter closes it, and opens another one.
	b.do(chromedp.KeyEvent(kb.Enter))
	b.eventually(`!document.querySelector('.detail') && document.activeElement.textContent === 'own/sums 100'`)
	b.do(chromedp.KeyEvent(kb.Tab), chromedp.KeyEvent(kb.Enter))
	b.eventually(`document.querySelector('.detail') && location.hash === '#sample=own%2Fsums%20101'`)
}

// samplesAreChosen searches, filters, sorts and turns pages.
func (b *browser) samplesAreChosen() {
	said := func(want string) {
		b.t.Helper()
		b.eventually(fmt.Sprintf("document.querySelector('.find .said').textContent === %q", want))
	}
	b.set(".find input", "PERU capital")
	said("1 sample of 130")
	b.set(".find input", "")
	b.set(".find select[name=task]", "0")
	said("44 samples of 130")
	if got := b.texts(".list tbody td.left"); len(got) != 44 || slices.Contains(got, "sums") {
		b.t.Errorf("of one task: %q", got)
	}
	b.set(".find select[name=task]", "")
	b.set(".find select[name=show]", "strong")
	b.eventually(`!document.querySelector('.find .said').textContent.startsWith('44 ')`)
	for _, row := range b.texts(".list tbody tr:not(.detail) td:nth-of-type(3)") {
		if row != "0" {
			b.t.Errorf("the strong model is better where the weak one has %s", row)
		}
	}
	b.set(".find select[name=show]", "all")
	said("130 samples of 130")
	if got := b.texts(".pages .page"); got[0] != "1 to 50 of 130" {
		b.t.Errorf("pages %q", got)
	}
	b.do(chromedp.Click(chromedp.CSS(".pages [data-job=last]")))
	if got, rows := b.texts(".pages .page"), b.texts(".list tbody tr:not(.detail)"); got[0] != "101 to 130 of 130" || len(rows) != 30 {
		b.t.Errorf("the last page is %q, with %d rows", got, len(rows))
	}
	b.do(chromedp.Click(chromedp.CSS(".list thead th:last-child button"))) // the oracle's order
	if got := b.texts(".list tbody tr:not(.detail) td:nth-of-type(3)"); got[0] != "0" || len(got) != 50 {
		b.t.Errorf("in the oracle's order the weak model's qualities are %q", got)
	}
}

// samplesAreSaved expects the CSV of samples to have as many strong calls as the operating point says.
func (b *browser) samplesAreSaved() {
	ask(b, chromedp.Evaluate[bool](keepDownloads))
	b.set("input[name=share]", "300")
	calls, err := strconv.ParseFloat(b.texts(".points td[data-k=calls]")[0], 64)
	if err != nil {
		b.t.Fatal(err)
	}
	b.do(chromedp.Click(chromedp.CSS(".pages [data-job=csv]")))
	b.eventually("saved.length === 1")
	rows, err := csv.NewReader(strings.NewReader(ask(b, chromedp.Evaluate[string]("saved[0]")))).ReadAll()
	if err != nil || len(rows) != 131 {
		b.t.Fatalf("%d rows (%v)", len(rows), err)
	}
	column := slices.Index(rows[0], "decision:length")
	strong := 0
	for _, row := range rows[1:] {
		if row[column] == "strong" {
			strong++
		}
		if row[0] == "own/sums 100" && (row[len(row)-3] != hostilePrompt || row[len(row)-1] != `=1+1,"x"`) {
			b.t.Errorf("row %q", row)
		}
	}
	if got := fmt.Sprintf("%.2f", 100*float64(strong)/130); got != fmt.Sprintf("%.2f", calls) {
		b.t.Errorf("%s %% of the rows are strong calls, the page says %v", got, calls)
	}
	if shown := b.texts(".list tbody td.strong"); len(shown) == 0 {
		b.t.Error("no decision is shown")
	}
}

// decisionsChange compares the decisions that change between two thresholds with the operating points.
func (b *browser) decisionsChange() {
	at := func(position string) float64 {
		b.set("input[name=share]", position)
		return render.KeyNumber(b.texts(".points td[data-k=quality]")[0])
	}
	change := at("600") - at("200")
	b.set(".changes select[name=router]", "0")
	b.set(".changes input[name=from]", "20")
	b.set(".changes input[name=to]", "60")
	said := b.texts(".changes .said")[0]
	found := regexp.MustCompile(`^length from 20 % \(threshold \d+\) to 60 % strong calls \(threshold \d+\): (\d+) samples of 130 go to big instead of small: .* Quality changes by ([+-][\d.]+)`).FindStringSubmatch(said)
	if found == nil {
		b.t.Fatalf("the page says %q", said)
	}
	listed := strings.Fields(strings.ReplaceAll(b.value(".changes textarea"), " ", "_"))
	if got := render.KeyNumber(strings.TrimPrefix(found[2], "+")); fmt.Sprint(len(listed)) != found[1] || got-change > 0.00011 || change-got > 0.00011 {
		b.t.Errorf("%d samples are listed, and the quality changes by %v from point to point: %q", len(listed), change, said)
	}
	b.do(chromedp.Click(chromedp.CSS(".changes [data-job=show]")))
	b.eventually(fmt.Sprintf("document.querySelector('.find .said').textContent === '%s samples of 130'", found[1]))
}

// commandsAreCopied presses a button beside a command, with and without the clipboard that files may not use.
func (b *browser) commandsAreCopied() {
	b.set("input[name=share]", "250")
	route := ".bench > .commands .command:last-child"
	want := "routellm route --router length --threshold " + b.texts(".points td[data-k=threshold]")[0] + " PROMPT"
	if got := b.texts(route + " code")[0]; got != want {
		b.t.Fatalf("the command is %q, want %q", got, want)
	}
	ask(b, chromedp.Evaluate[bool](`navigator.clipboard.writeText = text => { window.copied = text; return Promise.resolve(); }; true`))
	b.do(chromedp.Click(chromedp.CSS(route + " button")))
	b.eventually(fmt.Sprintf("window.copied === %q && document.querySelector(%q).textContent === 'copied'", want, route+" [role=status]"))
	ask(b, chromedp.Evaluate[bool](`window.copied = ''; navigator.clipboard.writeText = () => Promise.reject(new Error('no'));
		document.addEventListener('copy', () => { window.copied = document.activeElement.value; }); true`))
	b.do(chromedp.Click(chromedp.CSS(route + " button")))
	b.eventually(fmt.Sprintf("window.copied === %q", want))
}

// chartIsSaved expects the chart's file to be SVG that needs no page.
func (b *browser) chartIsSaved() {
	b.do(chromedp.Click(chromedp.CSS(".chart [data-job=svg]")))
	b.eventually("saved.length === 2")
	text := ask(b, chromedp.Evaluate[string]("saved[1]"))
	if name := ask(b, chromedp.Evaluate[string]("names[1]")); name != "routers-on-own-own.svg" {
		b.t.Errorf("the file is called %q", name)
	}
	if err := xml.Unmarshal([]byte(text), new(struct{})); err != nil {
		b.t.Errorf("the chart is no XML: %v", err)
	}
	for _, bad := range []string{"var(", "%\"", "class=", "NaN", "<style"} {
		if strings.Contains(text, bad) {
			b.t.Errorf("the chart has %q: %s", bad, text[:min(len(text), 400)])
		}
	}
	for _, want := range []string{"<svg xmlns=", ">length</text>", "random routing", `stroke="rgb(`} {
		if !strings.Contains(text, want) {
			b.t.Errorf("the chart has no %q", want)
		}
	}
	if dir := os.Getenv("ROUTELLM_SCREENSHOTS"); dir != "" {
		if err := os.WriteFile(filepath.Join(dir, "chart.svg"), []byte(text), 0o644); err != nil {
			b.t.Fatal(err)
		}
	}
}

// prints expects paper to have every section, and none of what is for hands.
func (b *browser) prints() {
	command(b, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"})
	for _, gone := range []string{"form.controls", ".tools", ".commands", "nav"} {
		if b.visible(gone) {
			b.t.Errorf("%s is on paper", gone)
		}
	}
	pdf := ask(b, chromedp.PrintToPDF())
	if len(pdf) < 20_000 || string(pdf[:5]) != "%PDF-" {
		b.t.Errorf("a PDF of %d bytes", len(pdf))
	}
	if dir := os.Getenv("ROUTELLM_SCREENSHOTS"); dir != "" {
		if err := os.WriteFile(filepath.Join(dir, "print.pdf"), pdf, 0o644); err != nil {
			b.t.Fatal(err)
		}
	}
	if opened := ask(b, chromedp.Evaluate[bool](`dispatchEvent(new Event('beforeprint')), [...document.querySelectorAll('details')].every(d => d.open)`)); !opened {
		b.t.Error("a folded section is not on paper")
	}
	ask(b, chromedp.Evaluate[bool](`dispatchEvent(new Event('afterprint'))`))
	if closed := ask(b, chromedp.Evaluate[bool](`!document.querySelector('.steps').open`)); !closed {
		b.t.Error("printing leaves sections open")
	}
}

// TestEqualIDsInBrowser opens samples of two tables that have the same ids: each link leads to its own table,
// and an unknown id is named. A long name of a model makes the page no wider than the window.
func TestEqualIDsInBrowser(t *testing.T) {
	b := newBrowser(t)
	long := strings.Repeat("long", 75)
	var results []string
	for _, name := range []string{"left", "right"} {
		dir := t.TempDir()
		data, err := os.ReadFile(ownOutcomes(t))
		if err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(dir, name+".csv")
		if err := os.WriteFile(file, bytes.ReplaceAll(data, []byte(":small"), []byte(":"+long)), 0o644); err != nil {
			t.Fatal(err)
		}
		runHere(t, "eval", file, "--pair", "big,"+long, "--router", "length", "--resamples", "50", "-o", dir)
		results = append(results, name+"="+filepath.Join(dir, "results.json"))
	}
	page := filepath.Join(t.TempDir(), "both.html")
	runHere(t, append([]string{"report", "-o", page}, results...)...)

	b.do(chromedp.Navigate("file://" + page))
	b.eventually(`document.querySelectorAll('table.list').length === 2`)
	const second = `document.querySelectorAll('table.list')[1].querySelector('tr.opened a')`
	b.eventually(`document.querySelectorAll('table.list')[1].querySelector('tbody a').click() || true`)
	b.eventually(second + ` && !document.querySelectorAll('table.list')[0].querySelector('tr.opened')`)
	b.do(chromedp.Reload())
	b.eventually(second)
	b.do(chromedp.Navigate("file://" + page + "#sample=none%20such"))
	b.eventually(`document.querySelector('form.find .said').textContent === 'No sample here has the id none such.'`)
	b.fits("long names")
}
