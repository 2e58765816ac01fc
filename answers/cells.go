package answers

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/datasets/rows"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/values"
)

// takeFixed takes a column that is not a model's.
func (s *Source) takeFixed(column string) bool {
	switch column {
	case "": // what is not there has no name
		return false
	case s.reading.ID:
		s.head.SampleID = []string{}
		s.column(column, func(f *File, r rows.Row, c rows.Cell) error {
			f.SampleID = append(f.SampleID, c.Text)
			return s.expect(c.Text != "", r, column, c, "a unique id")
		})
	case s.reading.Prompt:
		s.head.Prompt = []string{}
		if column == s.messages {
			s.head.Messages = []string{}
		}
		s.column(column, s.addPrompt)
	case s.reading.Task:
		s.head.Task = []string{}
		s.words(column, func(f *File) *[]string { return &f.Task })
	case s.reading.Cluster:
		s.head.Cluster = []string{}
		s.words(column, func(f *File) *[]string { return &f.Cluster })
	case s.reading.Weight:
		s.head.Weight = []float64{}
		s.column(column, s.addWeight)
	case colMessages:
		s.head.Messages = []string{}
		s.column(column, s.addMessages)
	case colContaminated:
		s.head.Contaminated = []bool{}
		s.column(column, s.addContaminated)
	case colEmbedding:
		s.head.Vectors = [][]float32{}
		s.column(column, s.addVector)
	default:
		return false
	}
	return true
}

func (s *Source) column(name string, add func(*File, rows.Row, rows.Cell) error) {
	s.columns = append(s.columns, sourceColumn{name, add})
}

// texts reads a column of texts, of which a missing one is nil. CSV cannot tell it from an empty one.
func (s *Source) texts(column string, to func(*File) *[]*string) {
	s.column(column, func(f *File, _ rows.Row, c rows.Cell) error {
		var text *string
		if c.Kind != rows.Missing && !(s.csv && c.Text == "") {
			text = &c.Text
		}
		*to(f) = append(*to(f), text)
		return nil
	})
}

// words reads a column of texts, of which a missing one is "".
func (s *Source) words(column string, to func(*File) *[]string) {
	s.column(column, func(f *File, _ rows.Row, c rows.Cell) error {
		*to(f) = append(*to(f), c.Text)
		return nil
	})
}

// number reads a column of numbers, of which a missing one is NaN.
func (s *Source) number(column string, to func(*File) *[]float64) {
	parser := s.parser()
	s.column(column, func(f *File, r rows.Row, c rows.Cell) error {
		v, kind := parser.Read(c.Text)
		if c.Kind == rows.Missing {
			v, kind = math.NaN(), values.Missing
		}
		*to(f) = append(*to(f), v)
		return s.expect(c.Kind != rows.JSON && kind != values.Bad && kind != values.Infinite, r, column, c, "a finite number, or none for not measured")
	})
}

// addPrompt reads a prompt: as it is in a file that this program wrote, else the text of what may
// be a conversation.
func (s *Source) addPrompt(f *File, r rows.Row, c rows.Cell) (err error) {
	prompt := c.Text
	if !s.own {
		if prompt, err = datasets.PromptIn(s.reading.Prompt, r.Number, c, s.mode); err != nil {
			return fmt.Errorf("%q: %w", r.File, err)
		}
	}
	f.Prompt = append(f.Prompt, prompt)
	if s.reading.Prompt == s.messages {
		if err := s.addMessages(f, r, c); err != nil {
			return err
		}
	}
	return s.expect(c.Kind != rows.Missing, r, s.reading.Prompt, c, "a prompt in every row")
}

func (s *Source) addWeight(f *File, r rows.Row, c rows.Cell) error {
	v, _ := s.parser().Read(c.Text)
	f.Weight = append(f.Weight, v)
	return s.expect(v > 0 && !math.IsInf(v, 0), r, s.reading.Weight, c, "a finite number above 0")
}

func (s *Source) addContaminated(f *File, r rows.Row, c rows.Cell) error {
	v, err := strconv.ParseBool(c.Text)
	f.Contaminated = append(f.Contaminated, v)
	return s.expect(err == nil, r, colContaminated, c, "true or false")
}

func (s *Source) addVector(f *File, r rows.Row, c rows.Cell) error {
	var v []float32
	err := json.Unmarshal([]byte(c.Text), &v)
	f.Vectors = append(f.Vectors, v)
	return s.expect(err == nil && len(v) > 0, r, colEmbedding, c, "a list of numbers")
}

// expect returns an error about a cell unless ok.
func (s *Source) expect(ok bool, r rows.Row, column string, c rows.Cell, expected string) error {
	if ok {
		return nil
	}
	found := fmt.Sprintf("%q", c.Text)
	switch {
	case c.Kind == rows.Missing:
		found = "null"
	case len(c.Text) > 80:
		found = fmt.Sprintf("%.80q...", c.Text)
	}
	return hint.With(fmt.Errorf("%q: row %d, column %q: found %s, expected %s", r.File, r.Number, column, found, expected),
		"fix or remove the row")
}

// rowID returns the id of a row in a table without ids.
func rowID(r rows.Row, parts bool) string {
	if parts {
		return fmt.Sprintf("%s:%d", r.File, r.Number)
	}
	return strconv.Itoa(r.Number)
}

// pad gives models without labels columns of NaN.
func (s *Source) pad(f *File) {
	for _, l := range f.Labels {
		for k, v := range l.Values {
			for len(v) < f.Rows() {
				v = append(v, math.NaN())
			}
			l.Values[k] = v
		}
	}
}
