package grading

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/routellm/routellm/datasets/finalanswer"
	"github.com/routellm/routellm/internal/hint"
)

// choices reads choices.
type choices struct {
	all    finalanswer.Choices
	column string // the column with their texts; "" for the prompt
}

func newChoices(o Options) (choices, error) {
	all, err := ParseChoices(o.Choices)
	return choices{all, o.ChoicesColumn}, err
}

// ParseChoices reads the names of choices: A-D, 0-3 or 1-4; "" stands for A-J.
func ParseChoices(names string) (finalanswer.Choices, error) {
	if names == "" {
		return finalanswer.Letters(10), nil
	}
	from, to, ok := strings.Cut(strings.ToUpper(names), "-")
	wrong := hint.With(fmt.Errorf("choices %q: expected letters such as A-D, or numbers such as 0-3 or 1-4", names),
		"with numbers, answers may still be letters: the first number stands for A")
	if !ok || len(from) != 1 || len(to) != 1 || from >= to {
		return finalanswer.Choices{}, wrong
	}
	c := finalanswer.Choices{N: int(to[0]-from[0]) + 1, First: -1}
	switch {
	case from == "A" && to <= "Z":
	case from == "0" && to <= "9", from == "1" && to <= "9":
		c.First = int(from[0] - '0')
	default:
		return finalanswer.Choices{}, wrong
	}
	return c, nil
}

// of returns the choices of a prompt, with their texts if they are known.
func (c choices) of(t Task) finalanswer.Choices {
	out := c.all
	if c.column != "" {
		out.Texts = textsOf(t.Columns[c.column])
	} else {
		out.Texts = finalanswer.InPrompt(t.Prompt)
	}
	if len(out.Texts) > out.N { // the list is something else
		out.Texts = nil
	}
	return out
}

// textsOf returns the texts in a cell: a JSON list, an object by letter, or texts separated by "|".
func textsOf(cell string) []string {
	if list := listOf(cell); list != nil {
		return list
	}
	var byLetter map[string]string
	if json.Unmarshal([]byte(cell), &byLetter) == nil {
		var out []string
		for i := range len(byLetter) {
			text, ok := byLetter[string(rune('A'+i))]
			if !ok {
				return nil
			}
			out = append(out, text)
		}
		return out
	}
	if strings.Contains(cell, "|") {
		parts := strings.Split(cell, "|")
		for i := range parts {
			parts[i] = strings.TrimSpace(parts[i])
		}
		return parts
	}
	return nil
}

func (c choices) read(t Task) (any, string, error) {
	of := c.of(t)
	i, err := of.Read(t.Answer)
	if err != nil {
		return nil, "", err
	}
	return i, of.Name(i), nil
}

func (c choices) match(reading any, reference string, t Task) (float64, error) {
	want, err := c.of(t).Reference(reference)
	if err != nil || reading == nil {
		return 0, err
	}
	return right(reading == want), nil
}
