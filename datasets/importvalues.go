package datasets

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/routellm/routellm/datasets/prompttext"
	"github.com/routellm/routellm/datasets/rows"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/internal/values"
)

// columnAt returns the reader of a column of quality. group names columns that are read as one.
func (f *importFile) columnAt(group string) *values.Column {
	if f.grades[group] == nil {
		f.grades[group] = &values.Column{Parser: f.parser}
	}
	return f.grades[group]
}

// quality returns the quality in a cell, or NaN if it is not measured.
func (in *importer) quality(f *importFile, model, column string, r rows.Row, cell rows.Cell) (float64, error) {
	c := f.columnAt(groupOf(f, column))
	v, kind := c.Add(cell.Text, in.places.n)
	known := f.known[groupOf(f, column)]
	if cell.Kind == rows.JSON || kind == values.Bad || known != nil && !known.Fits(kind) || math.Abs(v) > largestGrade {
		return 0, hint.With(badCell{r.Number, column, quote(cell.Text), c.Expected()}, qualityHint(column, cell))
	}
	if math.IsNaN(v) {
		return v, nil
	}
	count := in.grades[model]
	if count == nil {
		count = &gradeCount{lo: math.Inf(1), hi: math.Inf(-1), column: column}
		in.grades[model] = count
	}
	count.add(v)
	if !(Meta{Min: in.Min, Max: in.Max}).Within(v) {
		bad := badCell{r.Number, column, fmt.Sprint(v), fmt.Sprintf("a quality from %v to %v", in.Min, in.Max)}
		if !in.DropOutside {
			return 0, hint.With(bad, "correct the value or --range, or leave the cell empty for \"not measured\"")
		}
		if count.outside++; count.outside == 1 {
			count.firstOutside, count.outLo, count.outHi = fileError(r.File, bad), v, v
		}
		count.outLo, count.outHi = min(count.outLo, v), max(count.outHi, v)
		return math.NaN(), nil
	}
	count.lone.Add(v, in.places.n)
	if in.LowerIsBetter {
		v = turned(v, in.Min, in.Max)
	}
	return v, nil
}

// groupOf returns the column as which a cell is read: fields of one nested column are alike.
func groupOf(f *importFile, column string) string {
	if f.nested != "" {
		return f.nested
	}
	return column
}

// measure returns a cost, a number of tokens or a latency in seconds, or NaN if it is not known. An
// infinite one is an error: left out, it would make the means too small.
func measure(f *importFile, column string, row int, cell rows.Cell) (float64, error) {
	v, kind := f.parser.Read(cell.Text)
	switch {
	case cell.Kind == rows.JSON || kind == values.Bad || kind == values.Infinite || math.Abs(v) > largestGrade:
		return 0, badCell{row, column, quote(cell.Text), "a finite number, or an empty cell for not known"}
	case inMilliseconds(column):
		v /= 1000
	}
	return v, nil
}

// weightOf returns the weight in a cell, NaN for the column "".
func (f *importFile) weightOf(column string, row int, cell rows.Cell) (float64, error) {
	if column == "" {
		return math.NaN(), nil
	}
	v, kind := f.parser.Read(cell.Text)
	if cell.Kind == rows.JSON || kind == values.Bad || !(v > 0) || v > largestGrade {
		return 0, hint.With(badCell{row, column, quote(textOf(cell)), "a finite number above 0"}, "give every row a weight, or rename the column if it is no weight of the rows")
	}
	return v, nil
}

// leaveOut is the advice for rows that are no samples.
const leaveOut = "remove the row from the table, or leave out bad rows with --skip-bad"

// promptOf returns the prompt in a cell.
func (in *importer) promptOf(column string, row int, cell rows.Cell) (prompt string, err error) {
	switch cell.Kind {
	case rows.Missing:
		return "", hint.With(badCell{row, column, "null", "a prompt in every row"}, leaveOut)
	case rows.JSON:
		prompt, err = prompttext.FromJSON(cell.Text, in.Text)
	default:
		prompt, err = prompttext.FromText(cell.Text, in.Text)
	}
	var refused *prompttext.Refused
	switch {
	case errors.As(err, &refused):
		return "", hint.With(badCell{row, column, refused.Found, "a prompt"}, refused.Hints(column)...)
	case err != nil: // blank, as in a row of sums below a table
		return "", hint.With(badCell{row, column, quote(cell.Text), "a prompt in every row"}, leaveOut)
	}
	return prompt, nil
}

// nameIn returns the text of a cell that names something, or "" if it is empty or null.
func nameIn(column string, row int, cell rows.Cell) (string, error) {
	if cell.Kind == rows.JSON {
		return "", hint.With(badCell{row, column, quote(cell.Text), "a name, not an object or a list"}, pathHint(column, cell.Text))
	}
	return cell.Text, nil
}

// modelIn returns the model in a cell.
func modelIn(column string, row int, cell rows.Cell) (string, error) {
	name := strings.TrimSpace(cell.Text)
	if strings.HasPrefix(name, "{") && json.Valid([]byte(name)) {
		cell.Kind = rows.JSON
	}
	if _, err := nameIn(column, row, cell); err != nil {
		return "", err
	}
	if name == "" {
		return "", badCell{row, column, quote(textOf(cell)), "a model name"}
	}
	return cell.Text, nil
}

// qualityHint says how to read a cell that holds no quality.
func qualityHint(column string, cell rows.Cell) string {
	if cell.Kind == rows.JSON && strings.HasPrefix(cell.Text, "{") {
		return pathHint(column, cell.Text)
	}
	return "other words: --values WORD=NUMBER; other texts that mean not measured: --null TEXT"
}

// pathHint proposes paths into an object, and into objects in it.
func pathHint(column, object string) string {
	paths := pathsInto(column, []byte(object))
	if len(paths) == 0 {
		return "name a column of texts"
	}
	return "name a field of it: " + text.Sample(paths)
}

// pathsInto lists the paths to the values in an object, in the order of their names.
func pathsInto(path string, object []byte) []string {
	var fields map[string]json.RawMessage
	if json.Unmarshal(object, &fields) != nil {
		return nil
	}
	var paths []string
	for _, key := range slices.Sorted(maps.Keys(fields)) {
		if inner := pathsInto(path+"."+key, fields[key]); inner != nil {
			paths = append(paths, inner...)
		} else {
			paths = append(paths, path+"."+key)
		}
	}
	return paths
}
