package logcmd

import (
	"bytes"
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/routellm/routellm/cmd/routellm/internal/serve/decisionlog"
	"github.com/routellm/routellm/cmd/routellm/internal/serve/prices"
	"github.com/routellm/routellm/cmd/routellm/internal/table"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/results"
)

// summary adds up what requests took, by the side or, among several models, the model that answered.
type summary struct {
	prices  prices.Table // nil if only the costs in the log are known
	sides   map[string]*spent
	several bool            // a request was for several models
	strong  string          // name of the latest strong model
	without map[string]bool // models with tokens that the prices lack
	cascade cascades
	unlike  map[string]*familiarity // numbers of prompts by the name of the router, of those that can tell
}

// familiarity counts prompts that a router has compared with those that it was trained on.
type familiarity struct{ unlike, all int }

// spent sums up what the answers of one side took.
type spent struct {
	requests int
	tokens   prices.Tokens // tokens of the answers that tell them
	silent   int           // answers that do not
	cost     float64       // in USD, of the answers whose cost is known
	priced   int           // number of these
	unused   prices.Tokens // tokens of a cascade's calls whose answers no client got; their cost is in cost
}

func newSummary(p prices.Table) *summary {
	return &summary{prices: p, sides: map[string]*spent{}, without: map[string]bool{}, unlike: map[string]*familiarity{}}
}

// notes tells of models whose costs the prices do not say.
func (s *summary) notes() []string {
	if len(s.without) == 0 {
		return nil
	}
	return []string{fmt.Sprintf("the prices lack %s: costs of these models are those in the log, if it has any", text.Quoted(slices.Sorted(maps.Keys(s.without)), 5))}
}

// add adds a request, and sets its cost by the prices if there are any.
func (s *summary) add(r *decisionlog.Record) {
	by := string(r.Answered)
	if r.PoolDecision != nil {
		s.several, by = true, r.AnsweredModel
	}
	s.compare(r)
	x := s.of(by)
	x.requests++
	if r.Answered == results.Strong {
		s.strong = r.AnsweredModel
	}
	others, known := s.addOthers(r)
	if r.InputTokens == nil || r.OutputTokens == nil {
		x.silent++
		return
	}
	tokens := prices.Tokens{Input: *r.InputTokens, Output: *r.OutputTokens, Cached: r.CachedTokens}
	x.tokens = x.tokens.Plus(tokens)
	cost := s.cost(r.AnsweredModel, tokens, less(r.CostUSD, others.logged))
	if cost == nil {
		r.CostUSD = nil
		return
	}
	x.cost += *cost
	x.priced++
	if r.CostUSD = nil; known {
		sum := *cost + others.cost
		r.CostUSD = &sum
	}
}

// compare counts a prompt that its router has compared with those that it was trained on.
func (s *summary) compare(r *decisionlog.Record) {
	if r.Unlike == nil {
		return
	}
	if s.unlike[r.Router] == nil {
		s.unlike[r.Router] = &familiarity{}
	}
	s.unlike[r.Router].all++
	if *r.Unlike {
		s.unlike[r.Router].unlike++
	}
}

// unlikeNotes says which share of the requests has a prompt that is unlike those that each router was
// trained on. A prompt that was asked twice counts twice, as in the table.
func (s *summary) unlikeNotes() (notes []string) {
	for _, name := range slices.Sorted(maps.Keys(s.unlike)) {
		f := s.unlike[name]
		notes = append(notes, fmt.Sprintf("%s of %s (%.2f %%) %s a prompt that is unlike anything that %s was trained on",
			text.Thousands(f.unlike), text.Plural(f.all, "request"), 100*float64(f.unlike)/float64(f.all), text.Agree(f.unlike, "has", "have"), name))
	}
	return notes
}

// cost returns what tokens of a model cost: by the prices, or else as the log says; nil if it is not
// known.
func (s *summary) cost(model string, tokens prices.Tokens, logged *float64) *float64 {
	if price, ok := s.prices[model]; ok {
		cost := price.Cost(tokens)
		return &cost
	}
	if s.prices != nil {
		s.without[model] = true
	}
	return logged
}

// of returns what a side or a model took; "" stands for requests without an answer.
func (s *summary) of(side string) *spent {
	if s.sides[side] == nil {
		s.sides[side] = &spent{}
	}
	return s.sides[side]
}

// total returns the sum of all sides.
func (s *summary) total() *spent {
	var all spent
	for _, x := range s.sides {
		all.requests += x.requests
		all.tokens = all.tokens.Plus(x.tokens)
		all.silent += x.silent
		all.cost += x.cost
		all.priced += x.priced
		all.unused = all.unused.Plus(x.unused)
	}
	return &all
}

// rows lists the rows of the summary: the sides, models by name, and requests without an answer.
func (s *summary) rows() []string {
	rank := map[string]int{string(results.Strong): -2, string(results.Weak): -1, "": 1}
	return slices.SortedFunc(maps.Keys(s.sides), func(a, b string) int { return cmp.Or(cmp.Compare(rank[a], rank[b]), cmp.Compare(a, b)) })
}

// text returns the summary as a table with notes.
func (s *summary) text() (string, error) {
	t := &table.Table{Header: []string{"answered by", "requests", "share", "input tokens", "output tokens", "USD"}}
	all := s.total()
	for _, name := range s.rows() {
		x := s.of(name)
		switch {
		case name == "" && s.several:
			name = "none"
		case name == "":
			name = "neither"
		}
		t.Add(x.row(name, all.requests)...)
	}
	t.Add(all.row("all", all.requests)...)
	var b bytes.Buffer
	if err := t.Text(&b); err != nil {
		return "", err
	}
	if all.silent > 0 {
		fmt.Fprintf(&b, "\n%s\n", text.Wrap(fmt.Sprintf("the tokens of %s of %s are not known: sums are without them", text.Thousands(all.silent), text.Plural(all.requests, "request"))))
	}
	for _, note := range s.unlikeNotes() {
		fmt.Fprintf(&b, "\n%s\n", text.Wrap(note))
	}
	if note := s.cascade.text(); note != "" {
		fmt.Fprintf(&b, "\n%s\n", text.Wrap(note))
	}
	if note := s.alwaysStrong(); note != "" {
		fmt.Fprintf(&b, "\n%s\n", text.Wrap(note))
	}
	return b.String(), nil
}

// row returns the cells of one row. Sums over no answer are not known.
func (x *spent) row(name string, requests int) []string {
	input, output, cost := "?", "?", "?"
	if tokens := x.tokens.Plus(x.unused); x.silent < x.requests || tokens != (prices.Tokens{}) {
		input, output = text.Thousands(tokens.Input), text.Thousands(tokens.Output)
	}
	if x.priced > 0 || x.cost > 0 {
		cost = usd(x.cost)
	}
	return []string{name, text.Thousands(x.requests), fmt.Sprintf("%.2f %%", 100*float64(x.requests)/float64(requests)), input, output, cost}
}

// usd writes an amount with cents and, below a dollar, with four significant digits.
func usd(x float64) string {
	if math.Abs(x) < 1 {
		return fmt.Sprintf("%.4g", x)
	}
	return fmt.Sprintf("%.2f", x)
}

// alwaysStrong says what the strong model alone would have cost, "" if that is not known.
func (s *summary) alwaysStrong() string {
	price, ok := s.prices[s.strong]
	all, strong := s.total(), s.of(string(results.Strong))
	if !ok || all.priced == 0 || all.priced < all.requests-all.silent {
		return ""
	}
	would := strong.cost + price.Cost(s.of(string(results.Weak)).tokens)
	note := fmt.Sprintf("always %s, with the same tokens: %s USD", s.strong, usd(would))
	if would > 0 {
		note += fmt.Sprintf("; routing cost %.2f %% less", 100*(would-all.cost)/would)
	}
	return note
}
