package fit

import (
	"context"
	"os"
	"runtime"
	"sync"
	"testing"

	"github.com/routellm/routellm/results"
)

// TestFalseFindings searches for routers in 200 data sets whose qualities have nothing to do with
// the prompts. At a level of 5 %, at most 16 searches may claim one: more are found with a
// probability of 2 % if each has the level.
func TestFalseFindings(t *testing.T) {
	if os.Getenv("ROUTELLM_NIGHTLY") != "1" {
		t.Skip("skipped: expensive, ROUTELLM_NIGHTLY=1 runs it")
	}
	for name, w := range map[string]world{"two models": two(300), "three models": three(300)} {
		found, help := falseFindings(t, w, 200)
		t.Logf("%s: %d of 200 searches claim that a router is better than chance, and %d that more labels would help", name, found, help)
		if found > 16 || help > 10 {
			t.Errorf("%s: %d of 200 searches claim a router, want at most 16, and %d that more labels would help, want at most 10", name, found, help)
		}
	}
}

// TestFewFalseFindings does the same with few data sets.
func TestFewFalseFindings(t *testing.T) {
	if found, _ := falseFindings(t, two(260), 8); found > 3 {
		t.Errorf("%d of 8 searches claim a router", found)
	}
}

// falseFindings returns the number of searches that claim a router, and that of those that claim that
// more labels would help, of a number of shuffled worlds.
func falseFindings(t *testing.T, w world, worlds int) (found, help int) {
	t.Helper()
	w.shuffled = true
	var lock sync.Mutex
	var all sync.WaitGroup
	free := make(chan struct{}, runtime.GOMAXPROCS(0))
	for k := range worlds {
		w.seed = 100 + uint64(k)
		path := w.file(t)
		free <- struct{}{}
		all.Go(func() {
			defer func() { <-free }()
			o := quick(path)
			o.Curve = os.Getenv("ROUTELLM_NIGHTLY") == "1"
			r, err := Run(context.Background(), o)
			lock.Lock()
			defer lock.Unlock()
			if err != nil {
				t.Error(err)
				return
			}
			if o := r.Document.Outcome; o == results.FitRouter || o == results.FitUnproven {
				found++
			}
			if r.Document.LabelsHelp() {
				help++
			}
		})
	}
	all.Wait()
	return found, help
}
