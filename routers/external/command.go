package external

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os/exec"
	"time"

	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/process"
	"github.com/routellm/routellm/internal/text"

	"github.com/routellm/routellm/routers"
)

// maxLine is the largest number of bytes in a line of output.
const maxLine = 1 << 20

// grace is how long the pipes of an ended program may stay open, which happens if it
// leaves a child process behind.
const grace = 5 * time.Second

// Command is a router in a program that reads lines {"id": ..., "prompt": ...} and writes
// lines {"id": ..., "score": ...}. Each call of Scores starts the program once and closes
// its standard input after the last prompt; the program must then end. So it may answer
// line by line or all at once, and need not flush. With one prompt per call, that is one
// process per prompt; use a [Server] instead.
type Command struct {
	line     string
	words    []string
	patience time.Duration
}

// OpenCommand returns the router of a command line, which [Words] splits: no shell is
// involved. It fails if the program is not found.
func OpenCommand(line string) (*Command, error) {
	words, err := process.Words(line)
	if err != nil {
		return nil, err
	}
	if _, err := exec.LookPath(words[0]); err != nil {
		return nil, fmt.Errorf("command %q: %w", line, err)
	}
	return &Command{line: line, words: words, patience: patience}, nil
}

// Needs returns the text.
func (c *Command) Needs() routers.Needs { return routers.Needs{Text: true} }

// Scores runs the command on the prompts. It kills the command, and its child processes
// where the system can, if ctx ends, after ten minutes without an answer, and after the
// first wrong answer. An error has the last lines of the command's standard error as
// hints.
func (c *Command) Scores(ctx context.Context, prompts []routers.Prompt) ([]float64, error) {
	return scoresOf(ctx, c, prompts)
}

// ask runs the command on the prompts.
func (c *Command) ask(ctx context.Context, prompts []routers.Prompt, models []string, take taker) error {
	running, kill := context.WithCancelCause(ctx)
	defer kill(nil)
	silence := time.AfterFunc(c.patience, func() { kill(fmt.Errorf("no answer within %v", c.patience)) })
	defer silence.Stop()
	var log process.Tail
	out, stdout := io.Pipe()
	cmd := exec.CommandContext(running, c.words[0], c.words[1:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr, cmd.WaitDelay = &questions{prompts: prompts, models: models}, stdout, &log, grace
	process.Together(cmd)
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("command %q: %w", c.line, err)
	}
	ended := make(chan error, 1)
	go func() {
		ended <- cmd.Wait()
		stdout.Close()
	}()
	answers, err := readAnswers(out, prompts, models, func(i int, a answer) error {
		defer silence.Reset(c.patience)
		return take(i, a)
	})
	if err != nil {
		kill(err)
	}
	out.Close()
	if err := outcome(running, <-ended, prompts, answers); err != nil {
		return hint.With(fmt.Errorf("command %q: %w", c.line, err), said(log.Lines())...)
	}
	return nil
}

// Words splits a command line like a shell, but knows only quotes: '...' and "..." keep
// what is between them, and a backslash is an ordinary character. An unclosed quote and
// an empty line are errors.
func Words(line string) ([]string, error) { return process.Words(line) }

// said returns the last lines of a program's standard error as hints.
func said(lines []string) []string {
	for i := range lines {
		lines[i] = "its standard error: " + lines[i]
	}
	return lines
}

// outcome returns the error of a command that ended after some answers, or nil if all is
// well. If the command was killed, the reason for that is the error, not the exit status.
func outcome(running context.Context, exit error, prompts []routers.Prompt, answers int) error {
	if cause := context.Cause(running); cause != nil {
		exit = cause
	}
	switch {
	case answers == len(prompts) && exit == nil:
		return nil
	case answers == len(prompts):
		return fmt.Errorf("after the last sample, %q: %w", prompts[answers-1].ID, exit)
	case exit == nil:
		exit = fmt.Errorf("ended after %d of %s", answers, text.Plural(len(prompts), "answer"))
	}
	return atSample(prompts[answers], exit)
}

// readAnswers reads the answers to prompts until the end or the first wrong answer, and returns how
// many were right.
func readAnswers(r io.Reader, prompts []routers.Prompt, models []string, take taker) (n int, err error) {
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, maxLine)
	for ; lines.Scan(); n++ {
		if n == len(prompts) {
			return n, fmt.Errorf("an extra line, %q", excerpt(lines.Bytes()))
		}
		var a answer
		if err := decode(lines.Bytes(), &a, "a line "+formOf(models)); err != nil {
			return n, err
		}
		if err := a.check(prompts[n].ID); err != nil {
			return n, err
		}
		if err := take(n, a); err != nil {
			return n, err
		}
	}
	if lines.Err() != nil { // the only possible error of a pipe
		return n, fmt.Errorf("a line is longer than %d bytes", maxLine)
	}
	return n, nil
}

// questions encodes prompts as JSON lines, each when it is read.
type questions struct {
	prompts []routers.Prompt
	models  []string
	line    bytes.Buffer
}

// Read implements io.Reader.
func (q *questions) Read(p []byte) (int, error) {
	if q.line.Len() == 0 && len(q.prompts) > 0 {
		if err := json.NewEncoder(&q.line).Encode(question{q.prompts[0].ID, q.prompts[0].Text, q.models}); err != nil {
			return 0, err
		}
		q.prompts = q.prompts[1:]
	}
	return q.line.Read(p)
}
