package external

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/routellm/routellm/internal/hint"

	"github.com/routellm/routellm/routers"
)

// TestMain lets this test binary act as the programs that the tests run.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 {
		if program, ok := programs[os.Args[1]]; ok {
			program()
			os.Exit(0)
		}
	}
	os.Exit(m.Run())
}

// programs are routers, good and bad. A good score is the length of the prompt in bytes.
var programs = map[string]func(){
	"good": func() { each(func(_ int, q question) { say(q.ID, len(q.Prompt)) }) },
	"at-once": func() {
		var all []question
		each(func(_ int, q question) { all = append(all, q) })
		for _, q := range all {
			say(q.ID, len(q.Prompt))
		}
	},
	"arguments":     func() { each(func(_ int, q question) { say(q.ID, len(strings.Join(os.Args[2:], "|"))) }) },
	"more-fields":   func() { each(func(_ int, q question) { line(`{"score": 1, "model": "m", "id": %q}`+"\r", q.ID) }) },
	"crash":         func() { each(func(i int, q question) { crash(i == 2); say(q.ID, 1) }) },
	"crash-at-once": func() { crash(true) },
	"crash-at-end":  func() { each(func(_ int, q question) { say(q.ID, 1) }); os.Exit(7) },
	"few": func() {
		each(func(i int, q question) {
			if i < 2 {
				say(q.ID, 1)
			}
		})
	},
	"none":           func() {},
	"many":           func() { each(func(_ int, q question) { say(q.ID, 1) }); line("done") },
	"reversed":       func() { say("c", 1) },
	"no-id":          func() { line(`{"score": 1}`) },
	"number-id":      func() { line(`{"id": 1, "score": 1}`) },
	"null-score":     func() { line(`{"id": "a", "score": null}`) },
	"no-score":       func() { line(`{"id": "a"}`) },
	"text-score":     func() { line(`{"id": "a", "score": "0.5"}`) },
	"nan":            func() { line(`{"id": "a", "score": NaN}`) },
	"infinity":       func() { line(`{"id": "a", "score": -Infinity}`) },
	"huge":           func() { line(`{"id": "a", "score": 1e999}`) },
	"not-json":       func() { line("loading the model\x1b[31m\xff") },
	"blank":          func() { line("") },
	"array":          func() { line("[1, 2, 3]") },
	"two-a-line":     func() { line(`{"id": "a", "score": 1} {"id": "b", "score": 1}`) },
	"long-line":      func() { line("%s", strings.Repeat("x", maxLine+1)) },
	"long-last-line": func() { each(func(_ int, q question) { say(q.ID, 1) }); line("%s", strings.Repeat("x", maxLine+1)) },
	"silent":         func() { each(func(i int, q question) { hang(i == 1); say(q.ID, 1) }) },
	"slow":           func() { each(func(_ int, q question) { time.Sleep(time.Second / 2); say(q.ID, 1) }) },
	"never-ends":     func() { each(func(_ int, q question) { say(q.ID, 1) }); hang(true) },
	"reads-nothing":  func() { hang(true) },
	"several": func() {
		each(func(_ int, q question) {
			line(`{"id": %q, "scores": %s, "costs": %s}`, q.ID, byModel(q, 1), byModel(q, 0.5))
		})
	},
	"some-costs": func() {
		each(func(i int, q question) {
			line(`{"id": %q, "scores": %s, "costs": %s}`, q.ID, byModel(q, 1), map[bool]string{true: byModel(q, 1), false: "null"}[i == 0])
		})
	},
	"negative-cost": func() {
		each(func(_ int, q question) {
			line(`{"id": %q, "scores": %s, "costs": %s}`, q.ID, byModel(q, 1), byModel(q, -1))
		})
	},
	"one-model":  func() { each(func(_ int, q question) { line(`{"id": %q, "scores": {"a": 1}}`, q.ID) }) },
	"null-model": func() { each(func(_ int, q question) { line(`{"id": %q, "scores": {"a": 1, "b": null}}`, q.ID) }) },
}

func each(f func(i int, q question)) {
	lines := bufio.NewReader(os.Stdin)
	for i := 0; ; i++ {
		text, err := lines.ReadBytes('\n')
		if err != nil {
			return
		}
		var q question
		if err := json.Unmarshal(text, &q); err != nil {
			panic(err)
		}
		f(i, q)
	}
}

func line(format string, args ...any) { fmt.Printf(format+"\n", args...) }

func say(id string, score int) {
	text, err := json.Marshal(map[string]any{"id": id, "score": score})
	if err != nil {
		panic(err)
	}
	line("%s", text)
}

func crash(now bool) {
	if now {
		fmt.Fprint(os.Stderr, "one\ntwo\nthree\nfour\n\n\tfive\x1b[31m\nsix\nout of memory\n")
		os.Exit(3)
	}
}

func hang(now bool) {
	if now {
		fmt.Fprintln(os.Stderr, "still loading")
		time.Sleep(time.Hour)
	}
}

// command returns the router of one of the programs.
func command(t *testing.T, name string) *Command {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c, err := OpenCommand("'" + self + "' " + name)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// prompts returns samples with the given texts and the ids a, b, c and so on.
func prompts(texts ...string) []routers.Prompt {
	out := make([]routers.Prompt, len(texts))
	for i, text := range texts {
		out[i] = routers.Prompt{ID: string(rune('a' + i)), Text: text, HasText: true}
	}
	return out
}

// checkError checks that the message or its hints contain every part.
func checkError(t *testing.T, err error, parts ...string) {
	t.Helper()
	if err == nil {
		t.Errorf("no error, expected %q", parts)
		return
	}
	text := err.Error() + "\n" + strings.Join(hint.Of(err), "\n")
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("error %q, expected one with %q", text, part)
		}
	}
}

// byModel returns, for each model of a question, the length of its name and of the prompt, times a
// factor.
func byModel(q question, factor float64) string {
	out := map[string]float64{"another": 1}
	for _, m := range q.Models {
		out[m] = factor * float64(len(m)+len(q.Prompt))
	}
	text, err := json.Marshal(out)
	if err != nil {
		panic(err)
	}
	return string(text)
}
