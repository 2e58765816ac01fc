// Package report renders results as one page for people: HTML that needs no network and can
// be read without JavaScript, or Markdown for a pull request.
//
// Fill a [Page], with a [Section] per benchmark of two models, a [PoolSection] per benchmark of any
// number of models and [Samples] per benchmark with samples, and call
// [Page.HTML] or [Page.Markdown]. The package computes nothing: all numbers and sentences are
// in the Page. The same Page gives the same bytes.
package report

import (
	"github.com/routellm/routellm/cmd/routellm/internal/table"
	"github.com/routellm/routellm/plots"
)

// Page holds everything that a report shows.
type Page struct {
	Title      string
	Notes      []string // sentences about the whole page
	Pictures   []Picture
	Sections   []Section
	Pools      []PoolSection
	Samples    []Samples
	Provenance []Block
	// Live is the address at which a server tells the state of what the page shows, "" for a file. The
	// page asks for it from time to time, and loads itself again if it has changed.
	Live  string
	Links []Link // links to other pages of a server
	Up    string // address of the list that the page belongs to; "" for a file
}

// Link leads to another page of a server.
type Link struct{ Text, Href string }

// Picture shows a figure with sentences and tables about it.
type Picture struct {
	ID, Title string
	Summary   []string
	SVG       []byte // nil for none
	Tables    []Block
}

// Price holds what prompts cost with each model, in USD per 1,000 prompts.
type Price struct {
	Strong, Weak float64
	Decimals     int  // number of decimals of amounts
	Measured     bool // costs differ by prompt: operating points have their own, see [RouterPoints.USD]
}

// Section shows one benchmark of one results file.
type Section struct {
	ID      string // HTML id, unique on the page: letters, digits and dashes
	Title   string
	Facts   []Fact
	Summary []string // the main results, in sentences
	Chart   plots.Curves
	Points  Points
	Price   *Price // nil if the costs are not known
	Tables  []Block
	Tasks   *Block // table by task; nil if there is only one task
	Small   Small
	Notes   []string

	Commands []Command // see [Command]
}

// Small holds one small chart per task. The zero value has none.
type Small struct {
	Note   string // a sentence that names the tasks with a chart
	Charts []SmallChart
}

// SmallChart shows the routers on one task.
type SmallChart struct {
	Task    string
	Samples int
	Chart   plots.Curves
}

// Fact is a named value, such as the number of samples.
type Fact struct{ Name, Value string }

// Block is a table with its caption.
type Block struct {
	Caption string
	Table   *table.Table
}

// Positions is the number of positions of the slider: one per tenth of a per cent of strong
// calls, from 0 to 100 %.
const Positions = 1001

// Half is the slider's initial position, 50 % strong calls.
const Half = Positions / 2

// Points holds the routers' operating points at each position of the slider.
type Points struct {
	Unit       string // unit of qualities: "%" or ""
	Confidence string // confidence level, such as "95 %"; "" without intervals
	Routers    []RouterPoints
	// StrongQuality is the quality of always calling the strong model, in the units of
	// [RouterPoints].
	StrongQuality float64
	Lead          int // index of the router that the page is about at first, such as the best one
	StrongModel   string
	WeakModel     string
}

// RouterPoints holds one router's operating points. Each column has one text per position,
// as displayed; a column that the router does not have is nil.
type RouterPoints struct {
	Name      string
	Threshold []string // score at or above which the strong model is called; "never" at 0 %
	Calls     []string // share of the samples at or above the threshold, in per cent
	Future    []string // interval of the share of strong calls on further prompts, in per cent, "LO to HI"
	Quality   []string // quality at these calls, in displayed units
	Curve     []string // quality on the curve at the share of strong calls asked for; ties are broken at random
	Band      []string // simultaneous band of Quality, "LO to HI"
	Retained  []string // share of the strong model's quality, in per cent
	USD       []string // cost at these calls, in USD per 1,000 prompts; nil unless costs are measured
}

// Samples lists the samples of one benchmark, which the routers of one or more results files share,
// with what each router decides.
type Samples struct {
	ID, Title              string
	Notes                  []string
	Unit                   string // unit of qualities: "%" or ""
	StrongModel, WeakModel string
	Routers                []SampleRouter
	IDs                    []string // one id per sample
	Tasks                  []int    // one index into TaskNames per sample
	TaskNames              []string
	Strong, Weak           []float64 // one quality per sample
	Right                  float64   // quality at or above which an answer is correct
	Texts                  *Texts    // nil if the data has none
	Flips                  *Block    // counts of flips for every pair of routers at 50 % strong calls; nil for one router
	FlipCommands           []Command // see [Command]
	ChangeCommands         []Command
	TooMany                bool // too many samples to list on a page: only Flips are shown
}

// SampleRouter is a router's part in [Samples].
type SampleRouter struct {
	Name    string
	Section string // id of the section with the router's operating points
	Row     int    // index of the router in the section's [Points]; -1 for none
	Order   []int  // indices of samples in the order in which they go to the strong model
	Counts  []int  // number of samples at or above the router's threshold, per position of the slider
}

// Texts holds prompts and answers, one per sample in each slice; a nil slice says that there are none.
// [Page.HTML] embeds them compressed, and shortens them to keep the page small: see [MaxTexts].
type Texts struct{ Prompts, Strong, Weak []string }
