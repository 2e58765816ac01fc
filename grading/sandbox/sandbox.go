// Package sandbox runs a program in a fresh folder, within limits of time, memory and output, and
// without the caller's environment. Call [Open], then [Program.Run].
//
// It keeps a program that fails from harming the run: one that never ends, starts children that never
// end, fills the memory or prints without end. It is no jail. The program runs as the caller's user,
// and may read and change every file that the caller may. Where the system lets the caller make
// namespaces (Linux), the program has no network, cannot signal the caller's processes, and nothing that
// it starts outlives it.
package sandbox

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/routellm/routellm/internal/fault"
	"github.com/routellm/routellm/internal/outfile"
	"github.com/routellm/routellm/internal/process"
)

// Limits bounds what one run may take. A zero field has the default.
type Limits struct {
	Time      time.Duration // Time is the longest time that a run may take; 10 s
	Memory    int64         // Memory is the address space of each process in bytes; 4 GiB
	File      int64         // File is the size of each file in bytes; 64 MiB
	Processes int           // Processes is the number of processes at a time, where there are namespaces; 256
	Output    int           // Output is the number of bytes of standard output that are kept; 1 MiB
}

func (l Limits) withDefaults() Limits {
	return Limits{
		Time: cmp.Or(l.Time, 10*time.Second), Memory: cmp.Or(l.Memory, 4<<30), File: cmp.Or(l.File, 64<<20),
		Processes: cmp.Or(l.Processes, 256), Output: cmp.Or(l.Output, 1<<20),
	}
}

// Errors of a run that ended otherwise than by an exit code of the program's own.
var (
	ErrTime   = errors.New("took longer than its time limit")
	ErrOutput = errors.New("wrote more than its output limit")
)

// Program is a program to run. It is safe for concurrent use.
type Program struct {
	line     string
	words    []string
	limits   Limits
	isolated bool
	env      []string
}

// Open returns the program of a command line, which is split at spaces outside quotes; no shell is
// involved. Words that name files of the current folder become absolute paths, because the program
// runs in another folder. It fails if the program is not found.
func Open(line string, limits Limits) (*Program, error) {
	words, err := process.Words(line)
	if err != nil {
		return nil, err
	}
	path, err := exec.LookPath(words[0])
	if err != nil && !errors.Is(err, exec.ErrDot) {
		return nil, fmt.Errorf("command %q: %w", line, err)
	}
	if words[0], err = filepath.Abs(path); err != nil {
		return nil, fault.Wrap(err)
	}
	for i, word := range words[1:] {
		if _, err := os.Stat(word); err == nil && !filepath.IsAbs(word) && word != "." && word != ".." {
			if words[i+1], err = filepath.Abs(word); err != nil {
				return nil, fault.Wrap(err)
			}
		}
	}
	return &Program{line: line, words: words, limits: limits.withDefaults(), isolated: canIsolate(), env: environment(os.Environ())}, nil
}

// Isolated reports whether the program runs in namespaces of its own: without a network, and with
// children that end with it.
func (p *Program) Isolated() bool { return p.isolated }

// kept lists the variables that a program gets from the caller's environment. Others may hold keys.
var kept = []string{"PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "SYSTEMROOT", "SystemRoot", "PATHEXT", "COMSPEC", "WINDIR"}

func environment(all []string) []string {
	var out []string
	for _, v := range all {
		if name, _, _ := strings.Cut(v, "="); slices.Contains(kept, name) {
			out = append(out, v)
		}
	}
	return out
}

// Result holds the output and exit status of a run.
type Result struct {
	Code   int      // Code is the exit code; above 128 if a signal ended the program
	Output string   // Output is the standard output
	Said   []string // Said holds the last lines of standard error
}

// Run runs the program once in a fresh folder with some files, which is removed afterwards with
// everything in it. Children that the program leaves behind are killed, where the system can find
// them. The error is [ErrTime], [ErrOutput], the error of ctx, or that of a program that could not
// be started, which is a fault.
func (p *Program) Run(ctx context.Context, files map[string][]byte, input []byte) (Result, error) {
	dir, remove, err := outfile.TempDir("routellm-grade-*")
	if err != nil {
		return Result{}, fault.Wrap(err)
	}
	defer func() {
		unlock(dir)
		remove()
	}()
	for name, data := range files {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			return Result{}, fault.Wrap(err)
		}
	}
	return p.run(ctx, dir, input)
}

// grace is how long pipes may stay open after a program has ended, which happens if a child keeps
// them.
const grace = time.Second

func (p *Program) run(ctx context.Context, dir string, input []byte) (Result, error) {
	running, kill := context.WithCancelCause(ctx)
	defer kill(nil)
	late := time.AfterFunc(p.limits.Time, func() { kill(ErrTime) })
	defer late.Stop()
	out := &bounded{left: p.limits.Output, full: func() { kill(ErrOutput) }}
	var log process.Tail
	words := append(limited(p.limits, p.isolated), p.words...)
	cmd := exec.CommandContext(running, words[0], words[1:]...)
	cmd.Dir, cmd.Env = dir, append(slices.Clone(p.env), "HOME="+dir, "TMPDIR="+dir, "TEMP="+dir, "TMP="+dir)
	cmd.Stdin, cmd.Stdout, cmd.Stderr, cmd.WaitDelay = bytes.NewReader(input), out, &log, grace
	process.Together(cmd)
	defer attach(cmd)()
	if p.isolated {
		isolate(cmd)
	}
	if err := cmd.Start(); err != nil {
		return Result{}, fault.Wrap(fmt.Errorf("command %q: %w", p.line, err))
	}
	err := cmd.Wait()
	killGroup(cmd)
	result := Result{Code: cmd.ProcessState.ExitCode(), Output: out.kept.String(), Said: log.Lines()}
	if result.Code < 0 {
		result.Code = 128
	}
	if cause := context.Cause(running); cause != nil {
		return result, cause
	}
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) && !errors.Is(err, exec.ErrWaitDelay) {
		return result, fault.Wrap(fmt.Errorf("command %q: %w", p.line, err))
	}
	return result, nil
}

// bounded keeps the first bytes written to it, and calls full when there are more.
type bounded struct {
	kept bytes.Buffer
	left int
	full func()
}

// Write implements io.Writer.
func (b *bounded) Write(p []byte) (int, error) {
	n := min(len(p), b.left)
	b.kept.Write(p[:n])
	if b.left -= n; n < len(p) {
		b.full()
	}
	return len(p), nil
}

// unlock makes folders that a program has locked removable. It follows no links.
func unlock(dir string) {
	_ = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if d != nil && d.IsDir() {
			_ = os.Chmod(path, 0o700)
		}
		return nil
	})
}
