// Package seldom keeps a log readable while the same thing goes wrong at every request: it
// writes one line per kind and period, and counts the others.
//
// Call [New] for a [Logger]. Metrics count what the log leaves out.
package seldom

import (
	"context"
	"log/slog"
	"sync"
	"time"
)

// Logger writes at most one line per key and period. It is safe for concurrent use.
type Logger struct {
	to    *slog.Logger
	every time.Duration

	mu   sync.Mutex
	keys map[string]*key
}

type key struct {
	next time.Time // before it, no line is written
	left int       // lines left out since the last one
}

// New returns a logger that writes to a log, one line per key within every.
func New(to *slog.Logger, every time.Duration) *Logger {
	return &Logger{to: to, every: every, keys: map[string]*key{}}
}

// Log writes a line, unless the key has had one within the period. If lines were left out since
// then, the line has their number as "repeated". Keys are kept, so they must come from a bounded
// set, such as the names of sides and of failures.
func (l *Logger) Log(level slog.Level, key, message string, args ...any) {
	left, due := l.due(key)
	if !due {
		return
	}
	if left > 0 {
		args = append(args[:len(args):len(args)], "repeated", left)
	}
	l.to.Log(context.Background(), level, message, args...)
}

// due reports whether a line of the key is due, and how many were left out before it.
func (l *Logger) due(name string) (left int, due bool) {
	now := time.Now()
	l.mu.Lock()
	defer l.mu.Unlock()
	k := l.keys[name]
	if k == nil {
		k = &key{}
		l.keys[name] = k
	}
	if now.Before(k.next) {
		k.left++
		return 0, false
	}
	left, k.left, k.next = k.left, 0, now.Add(l.every)
	return left, true
}
