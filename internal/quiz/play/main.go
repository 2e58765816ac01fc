// Play writes questions with known answers, and serves models that answer them, to try routellm
// without a model.
//
//	go run ./internal/quiz/play prompts [-n N] [-skip N] [-seed N] [-short] > prompts.jsonl
//	go run ./internal/quiz/play prices > prices.csv
//	go run ./internal/quiz/play serve [-listen ADDRESS] [-faults] [-prompts FILE,FILE...]
//
// serve has the models small, big and judge of package quiz, and the APIs of package chattest. It
// prints its base URL, one line, and GET /stats says what it was asked, which tokens and dollars
// that were, and which faults it made. With -faults, a fifth of the requests fails: status 429 with
// Retry-After, 500, no answer, half an answer, wrong JSON, and an error inside an answer.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"

	"github.com/routellm/routellm/internal/modelserver/chattest"
	"github.com/routellm/routellm/internal/quiz"
)

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "play:", err)
		os.Exit(1)
	}
}

func run(args []string, out io.Writer) error {
	if len(args) == 0 {
		return errors.New("want prompts, prices or serve")
	}
	flags := flag.NewFlagSet(args[0], flag.ExitOnError)
	switch args[0] {
	case "prompts":
		n, skip, seed := flags.Int("n", 600, "number of questions"), flags.Int("skip", 0, "questions to leave out first"), flags.Uint64("seed", 1, "seed")
		short := flags.Bool("short", false, "short questions, of which a small model answers some")
		_ = flags.Parse(args[1:]) // exits
		questions := quiz.Make
		if *short {
			questions = quiz.Short
		}
		return quiz.Write(out, questions(*skip+*n, *seed)[*skip:])
	case "prices":
		_, err := io.WriteString(out, quiz.Prices)
		return err
	case "serve":
		listen, files := flags.String("listen", "127.0.0.1:0", "address"), flags.String("prompts", "prompts.jsonl", "files of questions, separated by commas")
		faults := flags.Bool("faults", false, "let a fifth of the requests fail")
		_ = flags.Parse(args[1:]) // exits
		return serve(out, *listen, strings.Split(*files, ","), *faults)
	}
	return fmt.Errorf("%q: want prompts, prices or serve", args[0])
}

// serve serves until the process ends.
func serve(out io.Writer, listen string, files []string, faults bool) error {
	var all []quiz.Question
	for _, path := range files {
		f, err := os.Open(path)
		if err != nil {
			return err
		}
		more, err := quiz.Read(f)
		if err := errors.Join(err, f.Close()); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		all = append(all, more...)
	}
	options := quiz.Options(all)
	if faults {
		options.Fault = quiz.Faults()
	}
	l, err := net.Listen("tcp", listen)
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintf(out, "http://%s/v1\n", l.Addr()); err != nil {
		return err
	}
	return http.Serve(l, chattest.New(options))
}
