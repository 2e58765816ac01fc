package benchmarks

import (
	"bytes"
	"embed"
	"encoding/csv"
	"fmt"
	"math"
	"path"
	"strconv"
)

// Commercial is a commercial router on MT Bench as the RouteLLM publication measured it:
// GPT-4's grades of its own answers, one entry a question.
type Commercial struct {
	Name         string
	SampleID     []string
	Strong       []bool    // whether it chose the strong model; nil where it does not say
	Turn1, Turn2 []float64 // grades, 1 to 10; NaN where the judge gave none
	CSV          []byte    // the file; a decisions file too where the decisions are known

	// As published, over all questions and both turns.
	PublishedGrade    float64
	PublishedFraction float64 // of strong calls, in [0,1]
	PublishedNeeds    float64 // what the publication's router needs for that grade
}

// commercial holds what TestCommercialIsRebuilt makes.
//
//go:embed commercial
var commercial embed.FS

// CommercialRouters returns the commercial routers in the publication's order.
func CommercialRouters() ([]Commercial, error) {
	all := []Commercial{
		{Name: "unify", PublishedGrade: 8.757862, PublishedFraction: .45625, PublishedNeeds: .2540},
		{Name: "martian", PublishedGrade: 8.3125, PublishedFraction: .50, PublishedNeeds: .2966},
	}
	for i := range all {
		if err := all[i].read(); err != nil {
			return nil, fmt.Errorf("%s.csv: %w", all[i].Name, err)
		}
	}
	return all, nil
}

func (c *Commercial) read() (err error) {
	if c.CSV, err = commercial.ReadFile(path.Join("commercial", c.Name+".csv")); err != nil {
		return err
	}
	rows, err := csv.NewReader(bytes.NewReader(c.CSV)).ReadAll()
	if err != nil {
		return err
	}
	decides := rows[0][1] == "decision"
	for _, row := range rows[1:] {
		c.SampleID = append(c.SampleID, row[0])
		if decides {
			c.Strong = append(c.Strong, row[1] == "strong")
		}
		n := len(row)
		c.Turn1, c.Turn2 = append(c.Turn1, grade(row[n-2])), append(c.Turn2, grade(row[n-1]))
	}
	return nil
}

// grade is NaN for an empty cell.
func grade(cell string) float64 {
	g, err := strconv.ParseFloat(cell, 64)
	if err != nil {
		return math.NaN()
	}
	return g
}

// Grade is the mean of question i's grades; of one where the other is missing.
func (c Commercial) Grade(i int) float64 {
	switch {
	case math.IsNaN(c.Turn1[i]):
		return c.Turn2[i]
	case math.IsNaN(c.Turn2[i]):
		return c.Turn1[i]
	}
	return (c.Turn1[i] + c.Turn2[i]) / 2
}

// MeanGrade is the mean over all grades there are, as it was published.
func (c Commercial) MeanGrade() float64 {
	total, n := 0.0, 0.0
	for _, turn := range [][]float64{c.Turn1, c.Turn2} {
		for _, g := range turn {
			if !math.IsNaN(g) {
				total, n = total+g, n+1
			}
		}
	}
	return total / n
}

// StrongFraction is the share of strong calls in [0,1], NaN where decisions are not known.
func (c Commercial) StrongFraction() float64 {
	n := 0.0
	for _, strong := range c.Strong {
		if strong {
			n++
		}
	}
	return n / float64(len(c.Strong))
}
