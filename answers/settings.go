package answers

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/routellm/routellm/answers/chat"
)

// Names of the columns of a prompts file that say how its row is asked.
const (
	colSystem      = "system"
	colTemperature = "temperature"
	colMaxTokens   = "max_tokens"
	colSeed        = "seed"
)

// readSettings reads the columns that say how a row is asked.
func (p *Prompts) readSettings() error {
	p.system = p.PassedColumn(colSystem)
	for _, c := range []struct {
		name, expected string
		fits           func(float64) bool
	}{
		{colTemperature, "a number of 0 or more", func(v float64) bool { return v >= 0 && !math.IsInf(v, 0) }},
		{colMaxTokens, "a whole number above 0", func(v float64) bool { return v >= 1 && v <= math.MaxInt32 && v == math.Trunc(v) }},
		{colSeed, "a whole number", func(v float64) bool { return math.Abs(v) < 1<<53 && v == math.Trunc(v) }},
	} {
		cells := p.PassedColumn(c.name)
		if cells == nil {
			continue
		}
		values := make([]float64, len(cells))
		for i, cell := range cells {
			values[i] = math.NaN()
			if cell == nil || strings.TrimSpace(*cell) == "" {
				continue
			}
			v, err := strconv.ParseFloat(strings.TrimSpace(*cell), 64)
			if err != nil || !c.fits(v) {
				return fmt.Errorf("%q: row %d, column %q: found %q, expected %s", p.Name, i+1, c.name, *cell, c.expected)
			}
			values[i] = v
		}
		p.numbers[c.name] = values
	}
	if names := p.settingColumns(); len(names) > 0 {
		p.Notes = append(p.Notes, "the settings of each row come from "+strings.Join(names, ", "))
	}
	return nil
}

func (p *Prompts) settingColumns() []string {
	var names []string
	if p.system != nil {
		names = append(names, colSystem)
	}
	for _, name := range []string{colTemperature, colMaxTokens, colSeed} {
		if p.numbers[name] != nil {
			names = append(names, name)
		}
	}
	return names
}

// request returns what a row asks in one of its repeats, where usual settings hold unless the row
// has its own. Repeats with a seed get seeds that follow each other, because equal ones would only
// repeat the answer. A conversation with a system prompt of its own keeps that one alone.
func (p *Prompts) request(row, repeat int, usual chat.Settings) (chat.Request, error) {
	messages, err := p.MessagesOf(row)
	if err != nil {
		return chat.Request{}, err
	}
	s := usual
	if p.system != nil && p.system[row] != nil {
		s.System = *p.system[row]
	}
	if messages[0].Role == "system" {
		s.System = ""
	}
	if v, ok := p.number(colTemperature, row); ok {
		s.Temperature = &v
	}
	if v, ok := p.number(colMaxTokens, row); ok {
		n := int(v)
		s.MaxTokens = &n
	}
	if v, ok := p.number(colSeed, row); ok {
		n := int64(v)
		s.Seed = &n
	}
	if s.Seed != nil && repeat > 0 {
		n := *s.Seed + int64(repeat)
		s.Seed = &n
	}
	return chat.Request{Messages: messages, Settings: s, Sample: repeat}, nil
}

func (p *Prompts) number(name string, row int) (float64, bool) {
	values := p.numbers[name]
	if values == nil || math.IsNaN(values[row]) {
		return 0, false
	}
	return values[row], true
}
