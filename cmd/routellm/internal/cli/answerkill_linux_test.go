package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/routellm/routellm/answers"
	"github.com/routellm/routellm/internal/modelserver/chattest"
)

// trap calls strike at the n-th request from when it was set.
type trap struct {
	mu     sync.Mutex
	left   int
	strike func()
}

func (t *trap) set(n int, strike func()) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.left, t.strike = n, strike
}

func (t *trap) fault(chattest.Request) *chattest.Fault {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.left--; t.left == 0 && t.strike != nil {
		t.strike()
	}
	return nil
}

// TestAnswerSurvivesSignals kills the program, or interrupts it, at random points until it is done. No
// question is paid twice but those that were under way, and the file is that of a run in one go.
func TestAnswerSurvivesSignals(t *testing.T) {
	const rows, slots = 150, 3 // slots of each of two models
	for _, signal := range []syscall.Signal{syscall.SIGKILL, syscall.SIGINT} {
		t.Run(signal.String(), func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			var content strings.Builder
			content.WriteString("id,prompt\n")
			for i := range rows {
				fmt.Fprintf(&content, "p%d,question %d\n", i, i)
			}
			if err := os.WriteFile(filepath.Join(dir, "prompts.csv"), []byte(content.String()), 0o666); err != nil {
				t.Fatal(err)
			}
			var trap trap
			server := chattest.Start(t, chattest.Options{Fault: trap.fault, Models: map[string]chattest.Model{
				"": func(r chattest.Request) chattest.Answer {
					return chattest.Answer{Text: r.Model + " says " + r.Prompt(), Delay: time.Millisecond}
				},
			}})
			start := func(cache, out string) *exec.Cmd {
				c := exec.Command("routellm", "answer", "--data", "prompts.csv", "--model", "big=b@"+server.URL, "--model", "small=s@"+server.URL,
					"--concurrency", fmt.Sprint(slots), "--cache", cache, "--out", out)
				c.Dir = dir
				return c
			}
			random := rand.New(rand.NewPCG(uint64(signal), 1))
			stopped := 0
			for done := false; !done; {
				c := start("cache", "out.parquet")
				var said bytes.Buffer
				c.Stderr = &said
				if err := c.Start(); err != nil {
					t.Fatal(err)
				}
				trap.set(1+random.IntN(60), func() { _ = c.Process.Signal(signal) })
				err := c.Wait()
				trap.set(0, nil)
				_, missing := os.Stat(filepath.Join(dir, "out.parquet"))
				if done = err == nil; done {
					break
				}
				stopped++
				if !errors.Is(missing, os.ErrNotExist) {
					t.Fatal("a file was written by a run that was stopped")
				}
				if signal == syscall.SIGINT && (c.ProcessState.ExitCode() != 130 || !strings.Contains(said.String(), "the same command continues")) {
					t.Fatalf("exit code %d: %s", c.ProcessState.ExitCode(), said.String())
				}
				if stopped > 200 {
					t.Fatal("the runs come to no end")
				}
			}
			checkPaid(t, server, 2*rows, 2*slots*stopped)
			left, err := filepath.Glob(filepath.Join(dir, ".*out*"))
			if signal == syscall.SIGINT && (err != nil || len(left) > 0) {
				t.Errorf("files are left: %q, %v", left, err)
			}
			if out, err := start("other", "whole.parquet").CombinedOutput(); err != nil {
				t.Fatalf("%v: %s", err, out)
			}
			checkSameAnswers(t, filepath.Join(dir, "out.parquet"), filepath.Join(dir, "whole.parquet"))
		})
	}
}

// checkPaid fails if a question was not asked, or if more were asked again than were under way.
func checkPaid(t *testing.T, server *chattest.Server, questions, underWay int) {
	t.Helper()
	times := map[string]int{}
	for _, r := range server.Requests() {
		times[r.Model+" "+r.Prompt()]++
	}
	again := 0
	for _, n := range times {
		again += n - 1
	}
	if len(times) != questions || again > underWay {
		t.Errorf("%d questions of %d were asked, and %d again, of which at most %d were under way", len(times), questions, again, underWay)
	}
	t.Logf("%d questions, %d asked again of %d slots at the time of signals", len(times), again, underWay)
}

func checkSameAnswers(t *testing.T, got, want string) {
	t.Helper()
	a, err := answers.Read(context.Background(), got)
	if err != nil {
		t.Fatal(err)
	}
	b, err := answers.Read(context.Background(), want)
	if err != nil {
		t.Fatal(err)
	}
	for k := range b.Models {
		for i := range b.SampleID {
			if a.SampleID[i] != b.SampleID[i] || *a.Models[k].Text[i] != *b.Models[k].Text[i] {
				t.Fatalf("row %d of %s: %q, want %q", i+1, b.Models[k].Name, *a.Models[k].Text[i], *b.Models[k].Text[i])
			}
		}
	}
}
