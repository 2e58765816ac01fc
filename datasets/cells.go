package datasets

import (
	"encoding/json"
	"strings"

	"github.com/routellm/routellm/datasets/internal/parquetfile"
)

// weightAt returns the weight in row i.
func (rec *records) weightAt(column string, i int) (float64, error) {
	cell := rec.cells[column][i]
	v, ok := parseNumber(cell)
	if expected := expectedNumber(roleWeight, v, Meta{}); !ok || expected != "" {
		return 0, badCell{i + 1, column, quote(cell), "a finite number above 0"}
	}
	return v, nil
}

// nameAt returns the model's name in row i.
func (rec *records) nameAt(column string, i int) (string, error) {
	cell := rec.cells[column][i]
	if cell == parquetfile.NullText || strings.TrimSpace(cell) == "" {
		return "", badCell{i + 1, column, quote(cell), "a model name"}
	}
	return cell, nil
}

// promptAt returns the prompt in row i.
func (rec *records) promptAt(column string, i int) (string, error) {
	cell := rec.cells[column][i]
	prompt := firstTurn(cell)
	if cell == parquetfile.NullText || strings.TrimSpace(prompt) == "" {
		return "", badCell{i + 1, column, quote(cell), "a prompt"}
	}
	return prompt, nil
}

// firstTurn returns the first string of a JSON array of strings, or "" for an empty array.
// It returns any other text unchanged.
func firstTurn(cell string) string {
	var turns []string
	if !strings.HasPrefix(strings.TrimSpace(cell), "[") || json.Unmarshal([]byte(cell), &turns) != nil {
		return cell
	}
	if len(turns) == 0 {
		return ""
	}
	return turns[0]
}
