package answers

import (
	"context"
	"runtime"
	"strings"
	"testing"

	"github.com/routellm/routellm/answers/chat"
)

// long is an asker whose answers are long, and made anew each time, as from a store.
type long struct{ Asker }

func (long) Ask(_ context.Context, r chat.Request) (chat.Answer, bool, error) {
	return chat.Answer{Text: r.Messages[0].Content + strings.Repeat(" 012345678", 400), Finish: "stop"}, false, nil
}

func (l long) Known(r chat.Request) (chat.Answer, bool, error) {
	a, _, err := l.Ask(context.Background(), r)
	return a, true, err
}

// TestRunMemory bounds what a run keeps per row, which has three answers of 4 kB each.
func TestRunMemory(t *testing.T) {
	const rows, most = 3000, 600
	p := prompts(t, "p.csv", numbered(rows))
	r, err := NewRun(p, Options{Models: []Asked{{Label: "a", Asker: long{}}, {Label: "b", Asker: long{}}, {Label: "c", Asker: long{}}}})
	if err != nil {
		t.Fatal(err)
	}
	before := inUse()
	if err := r.Ask(context.Background()); err != nil {
		t.Fatal(err)
	}
	w := &counting{}
	if err := r.Write(NewWriter(w)); err != nil {
		t.Fatal(err)
	}
	got := (inUse() - before) / rows
	t.Logf("%d bytes per row, of %d kB that are written", got, w.n>>10)
	if got > most {
		t.Errorf("want at most %d", most)
	}
	if s := r.Summary(); s[2].Answered != rows {
		t.Errorf("got %+v", s)
	}
	runtime.KeepAlive(r)
}

type counting struct{ n int }

func (c *counting) Write(p []byte) (int, error) {
	c.n += len(p)
	return len(p), nil
}

func inUse() int {
	runtime.GC()
	runtime.GC() // and what pools keep for one collection
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int(m.HeapAlloc)
}
