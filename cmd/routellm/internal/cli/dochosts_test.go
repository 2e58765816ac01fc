package cli

import (
	"bytes"
	"os"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"github.com/routellm/routellm/internal/modelserver/chattest"
	"github.com/routellm/routellm/internal/quiz"
)

// Addresses in documents for which a test starts servers at others. All have five digits after the
// colon, as free ports have, so that lines are as long.
const (
	modelsHost = "127.0.0.1:40001" // the models of package quiz: big, small and judge
	routerHost = "127.0.0.1:40002" // routellm serve, which a document runs
)

// docHosts are the servers of a document: real addresses by those that the document shows.
type docHosts struct {
	real   map[string]string
	router *served // nil if none runs
}

// startHosts starts the models if a document mentions them, and writes the files of questions that
// docs/your-own-router.md makes with package play. The models know those of examples/ too.
func startHosts(t *testing.T, document string) *docHosts {
	t.Helper()
	h := &docHosts{real: map[string]string{}}
	if !strings.Contains(document, modelsHost) {
		return h
	}
	all := quiz.Make(1500, 1)
	for name, part := range map[string][]quiz.Question{"prompts.jsonl": all[:1000], "fresh.jsonl": all[1000:]} {
		var b bytes.Buffer
		if err := quiz.Write(&b, part); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile("prices.csv", []byte(quiz.Prices), 0o644); err != nil {
		t.Fatal(err)
	}
	s := chattest.Start(t, quiz.Options(all))
	h.real[modelsHost] = strings.TrimSuffix(strings.TrimPrefix(s.URL, "http://"), "/v1")
	return h
}

// run runs a command line of a document and returns what a terminal would show. A line that serves
// and ends in & goes on, until the document says kill %1 or ends.
func (h *docHosts) run(t *testing.T, line string) string {
	t.Helper()
	if rest, ok := strings.CutSuffix(line, " &"); ok {
		words := splitWords(h.to(strings.ReplaceAll(rest, routerHost, "127.0.0.1:0")))
		h.router = startServe(t, words[2:]...)
		h.real[routerHost] = strings.TrimPrefix(h.router.url, "http://")
		return ""
	}
	return h.from(runLine(t, h.to(line)))
}

// stop ends the server that runs, as kill does.
func (h *docHosts) stop(t *testing.T) {
	t.Helper()
	if h.router == nil {
		return // the command that starts it was not run
	}
	if err := h.router.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	for range h.router.said { // until its output ends
	}
	if err := h.router.Wait(); err != nil {
		t.Errorf("serve: %v", err)
	}
	h.router = nil
}

// to replaces the shown addresses by the real ones.
func (h *docHosts) to(line string) string {
	for shown, real := range h.real {
		line = strings.ReplaceAll(line, shown, real)
	}
	return line
}

// from replaces the real addresses by the shown ones, and latencies by dots.
func (h *docHosts) from(printed string) string {
	for shown, real := range h.real {
		printed = strings.ReplaceAll(printed, real, shown)
	}
	return timed.ReplaceAllStringFunc(printed, func(table string) string {
		return seconds.ReplaceAllStringFunc(table, func(cells string) string { return dots.ReplaceAllString(cells, "   .") })
	})
}

var (
	timed   = regexp.MustCompile(`(?m)^.* median s  95 % s\n-+\n(?:.+\n)*`) // a table with the latencies of answers
	seconds = regexp.MustCompile(`(?m)(?: +\d+\.\d\d){2}$`)
	dots    = regexp.MustCompile(`\d+\.\d\d`)
)
