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

// Commercial holds GPT-4's grades of a commercial router's answers to MT Bench, as the RouteLLM
// publication measured them. The slices have one entry per question.
type Commercial struct {
	Name         string
	SampleID     []string
	Strong       []bool    // whether the router chose the strong model; nil if its answers do not say
	Turn1, Turn2 []float64 // grades of both turns, 1 to 10; NaN if the judge gave none
	CSV          []byte    // source file; also a decisions file if the decisions are known

	PublishedGrade    float64 // published mean grade over all questions and both turns
	PublishedFraction float64 // published strong fraction, in [0,1]
	PublishedNeeds    float64 // strong fraction that the publication's router needs for that grade, in [0,1]
}

// commercial holds the files that TestCommercialIsRebuilt builds.
//
//go:embed commercial
var commercial embed.FS

// CommercialRouters returns the commercial routers in the publication's order. An error means
// that an embedded file is damaged.
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

// read fills in c from the file of its name.
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

// grade returns the grade in a cell, or NaN if the cell holds no number.
func grade(cell string) float64 {
	g, err := strconv.ParseFloat(cell, 64)
	if err != nil {
		return math.NaN()
	}
	return g
}

// Grade returns the mean of the grades of question i, or the only grade if one is missing.
func (c Commercial) Grade(i int) float64 {
	switch {
	case math.IsNaN(c.Turn1[i]):
		return c.Turn2[i]
	case math.IsNaN(c.Turn2[i]):
		return c.Turn1[i]
	}
	return (c.Turn1[i] + c.Turn2[i]) / 2
}

// MeanGrade returns the mean over all grades that exist, which is the published figure.
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

// StrongFraction returns the share of questions sent to the strong model, in [0,1], or NaN if
// the decisions are not known.
func (c Commercial) StrongFraction() float64 {
	n := 0.0
	for _, strong := range c.Strong {
		if strong {
			n++
		}
	}
	return n / float64(len(c.Strong))
}
