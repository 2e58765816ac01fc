// Chatserver runs the scripted model server of package chattest as a process, for scripts.
//
//	go run ./internal/modelserver/chattest/chatserver [-port N] [-stats FILE] RULES.json
//
// It writes its base URL, one line, and stops when standard input ends. GET /stats returns what it
// counted, which -stats writes to a file at the end. See [Rules] for the file of rules.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"

	"github.com/routellm/routellm/internal/modelserver/chattest"
)

func main() {
	port := flag.Int("port", 0, "port; 0 takes a free one")
	stats := flag.String("stats", "", "write the counts to a `file` at the end")
	flag.Parse()
	if err := run(flag.Arg(0), *port, *stats, os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "chatserver:", err)
		os.Exit(1)
	}
}

// run serves until in ends.
func run(rules string, port int, stats string, in io.Reader, out io.Writer) error {
	options, err := read(rules)
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
	if err != nil {
		return err
	}
	s := chattest.New(options)
	h := &http.Server{Handler: s}
	failed := make(chan error, 1)
	go func() { failed <- h.Serve(l) }()
	fmt.Fprintf(out, "http://%s/v1\n", l.Addr())
	ended := make(chan struct{})
	go func() {
		_, _ = io.Copy(io.Discard, in)
		close(ended)
	}()
	select {
	case err := <-failed:
		return err
	case <-ended:
	}
	h.Close()
	if stats == "" {
		return nil
	}
	text, err := json.MarshalIndent(s.Stats(), "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(stats, append(text, '\n'), 0o644)
}
