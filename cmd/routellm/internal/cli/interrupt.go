package cli

import (
	"context"
	"errors"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
	"github.com/routellm/routellm/internal/outfile"
)

// grace is how long a command may take to end by itself after a signal: enough to kill its
// child processes and to end what checks its context. A computation that does not check it, or
// a read from a pipe, is then left as it is, as the process ends.
const grace = 500 * time.Millisecond

// interruptible runs a command until it ends or a signal comes, prints its error, and returns
// the exit code. After a signal the command writes no file any more and has only the grace
// period; a second signal ends the process at once. A command that drains may finish its work
// instead, with its own exit code.
func interruptible(stderr io.Writer, drains bool, command func(context.Context) error) int {
	signals, which := make(chan os.Signal, 1), endings(drains)
	signal.Notify(signals, which...)
	defer signal.Stop(signals)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	ended := make(chan error, 1)
	go func() { ended <- command(ctx) }()
	select {
	case err := <-ended:
		return exit(stderr, err)
	case caught := <-signals:
		signal.Reset(which...)
		cancel()
		if !drains {
			return interrupted(stderr, caught, ended)
		}
		err := <-ended
		if errors.Is(err, context.Canceled) { // it had not begun to serve
			cmdutil.PrintInterrupt(stderr, err)
			return code(caught)
		}
		return exit(stderr, err)
	}
}

// endings returns the signals that end a command. A hang-up that the caller had ignored, as
// nohup does, stays ignored, and reloads the settings of a command that drains.
func endings(drains bool) []os.Signal {
	all := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !drains && !signal.Ignored(syscall.SIGHUP) {
		all = append(all, syscall.SIGHUP)
	}
	return all
}

// exit prints an error, if non-nil, and returns the exit code.
func exit(stderr io.Writer, err error) int {
	if err == nil {
		return cmdutil.ExitDone
	}
	return cmdutil.PrintError(stderr, err)
}

// interrupted ends a command within the grace period.
func interrupted(stderr io.Writer, caught os.Signal, ended <-chan error) int {
	outfile.Stop()
	defer outfile.Stop() // removes what was begun in the meantime
	var err error
	select {
	case err = <-ended:
	case <-time.After(grace):
	}
	cmdutil.PrintInterrupt(stderr, err)
	return code(caught)
}

// code returns the exit code after a signal: 128 plus its number, as shells do.
func code(caught os.Signal) int {
	number, _ := caught.(syscall.Signal)
	return cmdutil.ExitSignal + int(number)
}
