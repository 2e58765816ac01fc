// Package report turns results into one page for people: HTML that needs neither a
// network nor, to be read, JavaScript; or Markdown for a pull request. It does no
// computing: all numbers and sentences come in. The same page gives the same bytes.
package report

import (
	"github.com/routellm/routellm/cmd/routellm/internal/table"
	"github.com/routellm/routellm/plots"
)

// Page is everything that a report shows.
type Page struct {
	Title      string
	Notes      []string // about the whole page
	Sections   []Section
	Flips      []Flips
	Provenance []Block
	Price      Price
}

// Price is what one prompt costs with each model, in any unit.
type Price struct{ Strong, Weak float64 }

// Section is one benchmark of one results file.
type Section struct {
	ID      string // unique on the page, letters, digits and dashes
	Title   string
	Facts   []Fact
	Summary []string // what the numbers say, in sentences
	Chart   plots.Curves
	Points  Points
	Tables  []Block
	Tasks   *Block // nil with one task only
	Notes   []string
}

// Fact is a name and what it stands for.
type Fact struct{ Name, Value string }

// Block is a table with its caption.
type Block struct {
	Caption string
	Table   *table.Table
}

// Positions is how many places the slider has: every tenth of a per cent of strong calls,
// from 0 to 100.
const Positions = 1001

// Half is the position of half the calls, which is shown first.
const Half = Positions / 2

// Points are the routers' operating points, one a position of the slider.
type Points struct {
	Unit       string // after a quality; "%" or ""
	Confidence string // as "95 %", "" for no intervals
	Routers    []RouterPoints
	// StrongQuality is what always calling the strong model gives, as Quality below.
	StrongQuality float64
}

// RouterPoints is one router's column of operating points: texts, one a position, as they
// are shown. Those that a router does not have are nil.
type RouterPoints struct {
	Name      string
	Threshold []string // strong is called from this score; "never" at 0 %
	Calls     []string // per cent of the samples at or above the threshold
	Future    []string // per cent of further prompts, "LO to HI"
	Quality   []string // in displayed units
	Band      []string // of the quality, "LO to HI"
	Retained  []string // per cent of the strong model's quality
}

// Flips compares the decisions of two routers or more on the same samples.
type Flips struct {
	ID, Title    string
	Notes        []string
	Counts       Block // every pair at half the calls
	Routers      []string
	Orders       [][]int  // [router]: samples in the order in which they go to the strong model
	IDs          []string // of the samples
	Tasks        []int    // of the samples, an index of TaskNames
	TaskNames    []string
	Strong, Weak []float64 // quality
	Right        float64   // quality from which an answer is right
	TooMany      bool      // samples for a page: only Counts are shown
}
