package external

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/routellm/routellm/internal/hint"

	"github.com/routellm/routellm/routers"
)

var _ routers.Router = (*Command)(nil)

func TestCommandScores(t *testing.T) {
	texts := []string{"", "two\nlines \"quoted\" <b>&", "naïve ☃\u2028", strings.Repeat("long ", 100_000), "\x00"}
	for _, name := range []string{"good", "at-once"} {
		got, err := command(t, name).Scores(context.Background(), prompts(texts...))
		want := []float64{0, 23, 13, 500_000, 1}
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%s: scores %v, %v, expected %v", name, got, err, want)
		}
	}
	if got, err := command(t, "more-fields").Scores(context.Background(), prompts("x", "y")); err != nil || !slices.Equal(got, []float64{1, 1}) {
		t.Errorf("scores %v, %v", got, err)
	}
	got, err := command(t, `arguments "two words" '' $HOME 'a"b'`).Scores(context.Background(), prompts("x"))
	if want := float64(len(`two words||$HOME|a"b`)); err != nil || !slices.Equal(got, []float64{want}) {
		t.Errorf("scores %v, %v, expected %v", got, err, want)
	}
}

// TestCommandManyPrompts sends more than the pipes hold, in both directions.
func TestCommandManyPrompts(t *testing.T) {
	many := make([]routers.Prompt, 20_000)
	for i := range many {
		many[i] = routers.Prompt{ID: fmt.Sprintf("sample/%d", i), Text: strings.Repeat("x", i%300), HasText: true}
	}
	for _, name := range []string{"good", "at-once"} {
		got, err := command(t, name).Scores(context.Background(), many)
		if err != nil || len(got) != len(many) {
			t.Fatalf("%s: %d scores, %v", name, len(got), err)
		}
		for i, v := range got {
			if v != float64(i%300) {
				t.Fatalf("%s: sample %d: score %v", name, i, v)
			}
		}
	}
}

func TestCommandWithoutPrompts(t *testing.T) {
	if got, err := command(t, "crash-at-once").Scores(context.Background(), nil); err != nil || len(got) != 0 {
		t.Errorf("scores %v, %v: the command ran although there are no prompts", got, err)
	}
	_, err := command(t, "good").Scores(context.Background(), []routers.Prompt{{ID: "a"}})
	checkError(t, err, `sample "a" has no prompt text`, "routellm datasets pull")
}

func TestCommandErrors(t *testing.T) {
	for _, c := range []struct {
		name  string
		parts []string
	}{
		{"crash", []string{`at sample "c": exit status 3`, "its standard error: six", "its standard error: out of memory", "error:  five[31m\n"}},
		{"crash-at-once", []string{`at sample "a": exit status 3`, "out of memory"}},
		{"crash-at-end", []string{`after the last sample, "c": exit status 7`}},
		{"few", []string{`at sample "c": ended after 2 of 3 answers`}},
		{"none", []string{`at sample "a": ended after 0 of 3 answers`}},
		{"many", []string{`after the last sample, "c": an extra line, "done"`}},
		{"reversed", []string{`at sample "a": the answer has the id "c"`, "in the order of the prompts"}},
		{"no-id", []string{`at sample "a": the answer has no id`}},
		{"number-id", []string{`at sample "a": expected a line {"id": TEXT, "score": NUMBER}, found "{\"id\": 1, \"score\": 1}"`}},
		{"null-score", []string{`at sample "a": the answer has no score`}},
		{"no-score", []string{`at sample "a": the answer has no score`}},
		{"text-score", []string{`at sample "a": expected a line`}},
		{"nan", []string{`at sample "a": expected a line`, "JSON has neither NaN"}},
		{"infinity", []string{`at sample "a": expected a line`, "JSON has neither NaN"}},
		{"huge", []string{`at sample "a": expected a line`}},
		{"not-json", []string{`at sample "a": expected a line`, `found "loading the model\x1b[31m\xff"`}},
		{"blank", []string{`at sample "a": expected a line`, `found ""`}},
		{"array", []string{`at sample "a": expected a line`}},
		{"two-a-line", []string{`at sample "a": expected a line`}},
		{"long-line", []string{`at sample "a": a line is longer than 1048576 bytes`}},
		{"long-last-line", []string{`after the last sample, "c": a line is longer than 1048576 bytes`}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, err := command(t, c.name).Scores(context.Background(), prompts("x", "y", "z"))
			checkError(t, err, append(c.parts, "command ")...)
			if got != nil {
				t.Errorf("scores %v beside the error", got)
			}
			for _, line := range hint.Of(err) {
				if strings.Contains(line, "\x1b") || strings.Contains(line, "two") {
					t.Errorf("hint %q", line)
				}
			}
		})
	}
}

func TestCommandIsKilled(t *testing.T) {
	for name, at := range map[string]string{
		"silent": `at sample "b": no answer within 3s`, "never-ends": `after the last sample, "c": no answer within 3s`,
		"reads-nothing": `at sample "a": no answer within 3s`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := command(t, name)
			c.patience = 3 * time.Second
			_, err := c.Scores(context.Background(), prompts("x", "y", "z"))
			checkError(t, err, at, "its standard error: still loading")
			c.patience = time.Hour
			ctx, cancel := context.WithCancel(context.Background())
			time.AfterFunc(200*time.Millisecond, cancel)
			if _, err := c.Scores(ctx, prompts("x", "y", "z")); !errors.Is(err, context.Canceled) {
				t.Errorf("error %v, want the error of the context", err)
			}
		})
	}
}

// TestCommandMayBeSlow checks that a command may take long if it keeps answering.
func TestCommandMayBeSlow(t *testing.T) {
	t.Parallel()
	c := command(t, "slow")
	c.patience = 3 * time.Second
	if _, err := c.Scores(context.Background(), prompts("1", "2", "3", "4", "5", "6", "7", "8")); err != nil {
		t.Error(err)
	}
}

func TestCommandIsSafeForConcurrentUse(t *testing.T) {
	c := command(t, "good")
	var g sync.WaitGroup
	for i := range 8 {
		g.Go(func() {
			got, err := c.Scores(context.Background(), prompts(strings.Repeat("x", i)))
			if err != nil || !slices.Equal(got, []float64{float64(i)}) {
				t.Errorf("scores %v, %v, expected %d", got, err, i)
			}
		})
	}
	g.Wait()
}

func TestOpenCommandRefuses(t *testing.T) {
	for line, part := range map[string]string{
		"": "empty", "  \t": "empty", "a 'b": "the quote ' is not closed", `a "b'`: `the quote " is not closed`,
		"routellm-no-such-program x": `command "routellm-no-such-program x": exec: "routellm-no-such-program"`, `""`: "exec",
	} {
		_, err := OpenCommand(line)
		checkError(t, err, part)
	}
}

func TestWords(t *testing.T) {
	for line, want := range map[string][]string{
		"a":                         {"a"},
		"  a\tb\n":                  {"a", "b"},
		`a 'b c' "d e"`:             {"a", "b c", "d e"},
		`a'b 'c"d "e`:               {"ab cd e"},
		`'' a ""`:                   {"", "a", ""},
		`'say "hi"' "it's"`:         {`say "hi"`, "it's"},
		`C:\tools\x.exe 'C:\my x'`:  {`C:\tools\x.exe`, `C:\my x`},
		"naïve ☃\u00a0x":            {"naïve", "☃\u00a0x"},
		"a,b --x=y|z $HOME *.txt >": {"a,b", "--x=y|z", "$HOME", "*.txt", ">"},
	} {
		if got, err := Words(line); err != nil || !slices.Equal(got, want) {
			t.Errorf("%q: %q, %v, expected %q", line, got, err, want)
		}
	}
}
