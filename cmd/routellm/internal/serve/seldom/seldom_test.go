package seldom

import (
	"bytes"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// TestLog logs two kinds of failures for two periods, on a clock that only the test moves.
func TestLog(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out bytes.Buffer
		plain := slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
			if a.Key == slog.TimeKey {
				return slog.Attr{}
			}
			return a
		}}
		l := New(slog.New(slog.NewTextHandler(&out, &plain)), time.Minute)
		for range 3 {
			l.Log(slog.LevelError, "disk", "not written", "file", "a")
		}
		l.Log(slog.LevelWarn, "router", "failed")
		time.Sleep(time.Minute - time.Nanosecond)
		l.Log(slog.LevelError, "disk", "not written", "file", "a")
		time.Sleep(time.Nanosecond)
		l.Log(slog.LevelError, "disk", "not written", "file", "b")
		time.Sleep(time.Minute)
		l.Log(slog.LevelError, "disk", "not written", "file", "c")
		want := "level=ERROR msg=\"not written\" file=a\nlevel=WARN msg=failed\n" +
			"level=ERROR msg=\"not written\" file=b repeated=3\nlevel=ERROR msg=\"not written\" file=c\n"
		if out.String() != want {
			t.Errorf("the log has\n%sexpected\n%s", &out, want)
		}
	})
}

// TestConcurrent expects one line from many goroutines.
func TestConcurrent(t *testing.T) {
	var out bytes.Buffer
	l := New(slog.New(slog.NewTextHandler(&out, nil)), time.Hour)
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			for range 100 {
				l.Log(slog.LevelError, "disk", "not written")
			}
		})
	}
	wait.Wait()
	if n := strings.Count(out.String(), "\n"); n != 1 {
		t.Errorf("%d lines, expected 1", n)
	}
}
