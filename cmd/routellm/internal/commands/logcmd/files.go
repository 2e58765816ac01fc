package logcmd

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/routellm/routellm/cmd/routellm/internal/serve/decisionlog"
	"github.com/routellm/routellm/internal/fault"
	"github.com/routellm/routellm/internal/hint"
)

// logs are the open files of a log. They stay open, so that each is read twice even if a server
// renames it in between.
type logs []*os.File

// openLogs opens the files that the arguments name.
func openLogs(args []string) (logs, error) {
	var all logs
	for _, arg := range args {
		paths, err := expand(arg)
		if err != nil {
			all.close()
			return nil, err
		}
		for _, path := range paths {
			f, err := os.Open(path)
			if err != nil {
				all.close()
				return nil, named(path, err)
			}
			all = append(all, f)
		}
	}
	return all, nil
}

// expand returns the files that an argument stands for: a file, a folder or a pattern.
func expand(arg string) ([]string, error) {
	info, err := os.Stat(arg)
	switch {
	case err == nil && info.IsDir():
		return inFolder(arg)
	case err == nil:
		return []string{arg}, nil
	case !strings.ContainsAny(arg, "*?["):
		return nil, named(arg, err)
	}
	paths, err := filepath.Glob(arg)
	if err == nil && len(paths) == 0 {
		err = errors.New("no file fits this pattern")
	}
	if err != nil {
		return nil, fmt.Errorf("%q: %w", arg, err)
	}
	return paths, nil
}

// inFolder returns the logs in a folder, by their names.
func inFolder(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, named(dir, err)
	}
	var paths []string
	for _, e := range entries {
		if ext := filepath.Ext(strings.TrimSuffix(e.Name(), ".gz")); e.Type().IsRegular() && slices.Contains([]string{".jsonl", ".log"}, ext) {
			paths = append(paths, filepath.Join(dir, e.Name()))
		}
	}
	if paths == nil {
		return nil, hint.With(fmt.Errorf("%q: found no logs, expected files named *.jsonl or *.log, or these with .gz", dir), "give the files themselves")
	}
	return paths, nil
}

// named returns a system's error with the path once, and quoted.
func named(path string, err error) error { return fmt.Errorf("%q: %w", path, fault.Cause(err)) }

func (l logs) close() {
	for _, f := range l {
		_ = f.Close() // they were only read
	}
}

// passes is the number of times that the files are read.
const passes = 2

// watch returns a function that is told how many bytes have been read, and reports the progress
// of all passes.
func (l logs) watch(progress func(done, total int) error) func(n int) error {
	total, done := 0, 0
	for _, f := range l {
		if info, err := f.Stat(); err == nil {
			total += passes * int(info.Size())
		}
	}
	return func(n int) error {
		done += n
		return progress(min(done, total), total)
	}
}

// feedback reads the feedback in all files.
func (l logs) feedback(tell func(int) error) (*opinions, error) {
	all := newOpinions()
	_, err := l.read(func(string) decisionlog.Lines { return decisionlog.Lines{Feedback: all.add, Bytes: tell} })
	return all, err
}

// records calls add with every record and its file, and returns the files that end within a line.
func (l logs) records(add func(path string, r *decisionlog.Record) error, tell func(int) error) (torn []string, err error) {
	return l.read(func(path string) decisionlog.Lines {
		return decisionlog.Lines{Record: func(r *decisionlog.Record) error { return add(path, r) }, Bytes: tell}
	})
}

// read reads every file from its beginning.
func (l logs) read(lines func(path string) decisionlog.Lines) (torn []string, err error) {
	for _, f := range l {
		if _, err := f.Seek(0, io.SeekStart); err != nil {
			return nil, hint.With(named(f.Name(), err), "logs are read twice: write what comes from a pipe to a file first")
		}
		ended, err := lines(f.Name()).ReadFile(f)
		if err != nil {
			return nil, err
		}
		if ended {
			torn = append(torn, f.Name())
		}
	}
	return torn, nil
}
