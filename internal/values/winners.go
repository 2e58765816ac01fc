package values

import (
	"errors"
	"math"
	"slices"
	"strings"
)

// winners are the ways to write who won a battle, as plain returns them.
var winners = map[string][]string{
	"model_a": {"model a", "model 1", "model1", "modela", "a", "left", "leftvote", "left vote", "response a", "response 1", "assistant a", "first", "winner model a", "a>b", "a>>b", "[[a]]", "[[a>b]]", "[[a>>b]]"},
	"model_b": {"model b", "model 2", "model2", "modelb", "b", "right", "rightvote", "right vote", "response b", "response 2", "assistant b", "second", "winner model b", "b>a", "b>>a", "[[b]]", "[[b>a]]", "[[b>>a]]"},
	"tie": {
		"tie", "tied", "draw", "equal", "tievote", "tie vote", "winner tie", "a=b", "[[c]]", "[[a=b]]", "both",
		"both bad", "bothbad", "tie bothbad", "tie both bad", "bothbad vote", "both good", "bothgood", "tie bothgood", "tie both good",
	},
	"tie_or_model_a": {"tie or model a"},
	"tie_or_model_b": {"tie or model b"},
}

// without are the words of rows without a winner.
var without = []string{"error", "errored", "invalid", "timeout", "timed out", "failed", "refused", "skipped"}

// codeOf holds the winners that numbers stand for.
var codeOf = map[float64]string{0: "tie", 1: "model_a", 1.5: "tie", 2: "model_b"}

// winnerOf holds winners by what they are written like.
var winnerOf = func() map[string]string {
	out := map[string]string{}
	for winner, texts := range winners {
		for _, text := range texts {
			out[text] = winner
		}
	}
	return out
}()

var separators = strings.NewReplacer("_", " ", "-", " ", "(", " ", ")", " ")

// plain returns a text in lower case, with a single space for what separates words.
func plain(text string) string {
	return strings.Join(strings.Fields(separators.Replace(strings.ToLower(text))), " ")
}

// Winner returns the winner of a battle, one of the winners of package datasets, or "" and false.
// skipped is the kind of a row without a winner, such as "error"; "" for none. Both-bad is a tie.
func (p Parser) Winner(text string) (winner, skipped string, ok bool) {
	if p.missing(strings.TrimSpace(text)) {
		return "", "no winner", true
	}
	if v, ok := p.decimal(strings.TrimSpace(text)); ok {
		winner, ok := codeOf[v]
		return winner, "", ok
	}
	folded := plain(text)
	if slices.Contains(without, folded) {
		return "", folded, true
	}
	winner, ok = winnerOf[folded]
	return winner, "", ok
}

// Winners checks the winners of a whole column: 0 and 1 alone may mean that the first or that
// the second model won, and no 2 says which.
type Winners struct {
	Parser Parser
	codes  codes
}

// Add reads a cell, as [Parser.Winner].
func (w *Winners) Add(text string) (winner, skipped string, ok bool) {
	winner, skipped, ok = w.Parser.Winner(text)
	v, isNumber := w.Parser.decimal(strings.TrimSpace(text))
	w.codes.add(v, isNumber && winner != "")
	return winner, skipped, ok
}

// Err returns an error if the cells added so far are numbers of unknown meaning.
func (w *Winners) Err() error { return w.codes.err() }

// Preferences reads a column of preferences between two answers: 1 if the first is better, 2 if
// the second is, 1.5 or 0 for a tie, and numbers between 1 and 2 for how probable it is that the
// second is better, as AlpacaEval writes them.
type Preferences struct{ Parser Parser }

// Add returns the share of the second answer: 0 if the first is better, 1 if the second is. It is
// NaN if the preference is not known, and ok is false if the cell holds no preference.
func (c *Preferences) Add(text string) (second float64, ok bool) {
	v, kind := c.Parser.Read(text)
	switch {
	case kind == Missing || kind == Infinite:
		return math.NaN(), true
	case kind != Number && kind != Given || v != 0 && !(v >= 1 && v <= 2):
		return math.NaN(), false
	}
	if v == 0 {
		return 0.5, true
	}
	return v - 1, true
}

// codes remembers which numbers a column has.
type codes struct{ zero, one, above bool }

func (c *codes) add(v float64, counts bool) {
	if counts {
		c.zero, c.one, c.above = c.zero || v == 0, c.one || v == 1, c.above || v > 1
	}
}

func (c *codes) err() error {
	if c.zero && c.one && !c.above {
		return errors.New("found only 0 and 1, which do not say whether 1 is the first model or the second one: expected 1, 2, and 0 or 1.5 for ties")
	}
	return nil
}
