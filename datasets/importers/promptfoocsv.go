package importers

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/internal/text"
)

// promptfooColumn is the column of a model's answers: "[model] prompt", after the variables. In
// newer releases status and score follow in columns of their own; in older ones they begin the
// cell: "[PASS] (1.00) answer".
type promptfooColumn struct {
	model, prompt string
	at            int
	status, score int // columns; 0 if they are in the cell
}

var (
	promptfooHeader = regexp.MustCompile(`(?s)^\[([^\]]+)\] (.*)$`)
	promptfooCell   = regexp.MustCompile(`^\[(PASS|FAIL|ERROR)\](?: \(([^)]*)\))?`)
)

// promptfooColumns finds the columns of answers.
func promptfooColumns(header []string) (columns []promptfooColumn, err error) {
	for i, name := range header {
		m := promptfooHeader.FindStringSubmatch(name)
		if m == nil {
			continue
		}
		c := promptfooColumn{model: m[1], prompt: m[2], at: i}
		if i+2 < len(header) && header[i+1] == "Status" && header[i+2] == "Score" {
			c.status, c.score = i+1, i+2
		}
		columns = append(columns, c)
	}
	if len(columns) == 0 {
		return nil, errors.New("found no column of answers, expected one named \"[model] prompt\"")
	}
	return columns, nil
}

// promptfooGraded reports whether the first row has a status.
func promptfooGraded(p *peek) bool {
	r := promptfooCSV(bytes.NewReader(p.head))
	header, _ := r.Read()
	row, _ := r.Read()
	columns, err := promptfooColumns(header)
	return err == nil && len(row) >= len(header) && columns[0].grade(row).status != ""
}

func promptfooCSV(r io.Reader) *csv.Reader {
	c := csv.NewReader(r)
	c.LazyQuotes, c.FieldsPerRecord, c.ReuseRecord = true, -1, false
	return c
}

// promptfooGrade is a status and a score as they are written; "" if there is none.
type promptfooGrade struct{ status, score string }

func (c promptfooColumn) grade(row []string) promptfooGrade {
	if c.status > 0 {
		return promptfooGrade{row[c.status], row[c.score]}
	}
	if m := promptfooCell.FindStringSubmatch(row[c.at]); m != nil {
		return promptfooGrade{m[1], m[2]}
	}
	return promptfooGrade{}
}

// promptfooSheet reads a CSV file.
type promptfooSheet struct {
	in      *input
	file    *file
	out     *Output
	header  []string
	columns []promptfooColumn
}

func readPromptfooCSV(in *input, f *file, out *Output) error {
	r, err := in.open(f)
	if err != nil {
		return err
	}
	defer r.Close()
	c := promptfooCSV(r)
	s := promptfooSheet{in: in, file: f, out: out}
	if s.header, err = c.Read(); err == nil {
		s.columns, err = promptfooColumns(s.header)
	}
	if err != nil {
		return fmt.Errorf("%q: %w", f.path, err)
	}
	if err := s.choose(); err != nil {
		return err
	}
	for row := 1; ; row++ {
		cells, err := c.Read()
		switch {
		case err == io.EOF:
			return nil
		case err != nil:
			return fmt.Errorf("%q: %w", f.path, err)
		}
		if err := s.row(row, cells); err != nil {
			return err
		}
	}
}

// choose keeps one prompt of each model.
func (s *promptfooSheet) choose() error {
	prompts := map[string][]string{}
	for _, c := range s.columns {
		prompts[c.model] = append(prompts[c.model], c.prompt)
	}
	var kept []promptfooColumn
	for _, c := range s.columns {
		switch all := prompts[c.model]; {
		case len(all) == 1 && s.in.Prompts == "", s.in.Prompts != "" && strings.HasPrefix(c.prompt, s.in.Prompts):
			kept = append(kept, c)
		case s.in.Prompts == "" || !slices.ContainsFunc(all, func(p string) bool { return strings.HasPrefix(p, s.in.Prompts) }):
			_, err := choose(s.file.path, "prompt", "prompt-label", s.in.Prompts, all)
			return err
		}
	}
	s.columns = kept
	return nil
}

// row adds the answers in a row, counted from 1.
func (s *promptfooSheet) row(n int, cells []string) error {
	if len(cells) != len(s.header) {
		return fmt.Errorf("%q: row %d: %s, expected %d", s.file.path, n, text.Plural(len(cells), "cell"), len(s.header))
	}
	vars := s.variables(cells)
	for _, c := range s.columns {
		g := datasets.NewGraded()
		g.File, g.Row, g.ID, g.Model, g.Task = s.file.path, n, promptfooID(n-1), c.model, vars["Description"]
		if id := vars["id"]; id != "" {
			g.ID = id
		}
		g.Prompt = promptfooRender(c.prompt, vars)
		if err := c.fill(&g, cells); err != nil {
			return fmt.Errorf("%q: row %d: column %q: %w", s.file.path, n, s.header[c.at], err)
		}
		if err := s.out.Answers.Add(g); err != nil {
			return err
		}
	}
	return nil
}

// variables returns the cells before the first answer, by column.
func (s *promptfooSheet) variables(cells []string) map[string]string {
	vars := map[string]string{}
	for i, name := range s.header {
		if promptfooHeader.MatchString(name) {
			break
		}
		vars[name] = cells[i]
	}
	return vars
}

// fill sets quality and pass from a cell.
func (c promptfooColumn) fill(g *datasets.Graded, cells []string) (err error) {
	grade := c.grade(cells)
	switch grade.status {
	case "PASS", "FAIL":
		g.Pass = 0
		if grade.status == "PASS" {
			g.Pass = 1
		}
		if g.Quality = g.Pass; grade.score != "" {
			if g.Quality, err = strconv.ParseFloat(grade.score, 64); err != nil {
				return fmt.Errorf("found score %q, expected a number", grade.score)
			}
		}
	case "ERROR":
		g.Failed = "error"
	case "":
		g.Failed = "no answer"
	default:
		return fmt.Errorf("found status %q, expected PASS, FAIL or ERROR", grade.status)
	}
	return nil
}

var promptfooVariable = regexp.MustCompile(`\{\{\s*(\w+)\s*\}\}`)

// promptfooRender puts the variables of a test into the text of its prompt.
func promptfooRender(template string, vars map[string]string) string {
	return promptfooVariable.ReplaceAllStringFunc(template, func(name string) string {
		if value, ok := vars[promptfooVariable.FindStringSubmatch(name)[1]]; ok {
			return value
		}
		return name
	})
}
