package cli

import (
	"net/http/httptest"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/routellm/routellm/cmd/routellm/internal/view"
)

// TestViewInBrowser goes from the list to a report and to what differs, and sees a page change with its
// files.
func TestViewInBrowser(t *testing.T) {
	b := newBrowser(t)
	dir := someResults(t)
	server := httptest.NewServer(view.New([]string{dir}, true).Handler())
	t.Cleanup(server.Close)
	b.site = server.URL
	b.do(chromedp.Navigate(server.URL))
	b.fits("list")
	b.do(chromedp.Click(chromedp.CSS("form.pick button")))
	b.eventually(`location.pathname === '/diff' && document.querySelector('.sortable')`)
	b.fits("diff")
	b.do(chromedp.Click(`//nav//a[text()="Both in one report"]`))
	b.eventually(`location.pathname === '/both' && document.querySelector('.list tbody tr')`)
	if routers := b.texts("#samples-1 .list thead button"); len(routers) != 8 { // sample, task, two models, two routers of each
		t.Errorf("heads %q", routers)
	}
	b.do(chromedp.Click(`//nav//a[text()="All results"]`))
	b.eventually(`location.pathname === '/' && document.querySelectorAll('.results tbody tr').length === 3`)
	runHere(t, "eval", "--router", "length", "--bench", "mt-bench", "--resamples", "100", "-o", filepath.Join(dir, "third"))
	b.eventually(`document.querySelectorAll('.results tbody tr').length === 4`)
	if len(b.complaint) > 0 {
		t.Errorf("the browser complains: %q", b.complaint)
	}
}
