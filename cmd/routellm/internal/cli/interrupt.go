package cli

import (
	"context"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
	"github.com/routellm/routellm/internal/outfile"
)

// grace is the time that a command may take to end by itself after a signal: enough to kill its
// child processes and to end what checks its context. A computation that does not check it, or
// a read from a pipe, is then left as it is, as the process ends.
const grace = 500 * time.Millisecond

// interruptible runs a command until it ends or a signal comes, prints its error, and returns
// the exit code. After a signal the command writes no file any more and has only the grace
// period; a second signal ends the process at once. A command that drains finishes in its own
// time instead, with its own exit code.
func interruptible(stderr io.Writer, command func(context.Context) error) int {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, endings()...)
	defer signal.Stop(signals)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	ctx, drains := cmdutil.WithDrain(ctx)
	ended := make(chan error, 1)
	go func() { ended <- command(ctx) }()
	for {
		select {
		case err := <-ended:
			return exit(stderr, err)
		case caught := <-signals:
			if drains() && caught == syscall.SIGHUP {
				continue // which tells it to reload its settings
			}
			signal.Reset(os.Interrupt, syscall.SIGTERM)
			cancel()
			if drains() {
				return exit(stderr, <-ended)
			}
			return interrupted(stderr, caught, ended)
		}
	}
}

// endings returns the signals that end a command. A hang-up that the caller had ignored, as
// nohup does, stays ignored.
func endings() []os.Signal {
	all := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) {
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
	cleaned := make(chan error, 1)
	go func() { // Stop would wait for a file system that hangs
		outfile.Stop()
		err := <-ended
		outfile.Stop()
		cleaned <- err
	}()
	var err error
	select {
	case err = <-cleaned:
	case <-time.After(grace):
	}
	cmdutil.PrintInterrupt(stderr, err)
	number, _ := caught.(syscall.Signal)
	return cmdutil.ExitSignal + int(number)
}
