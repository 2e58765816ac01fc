package harness

import (
	"math"
	"slices"
	"testing"

	"github.com/routellm/routellm/results"
)

// TestUnits groups requests into decisions.
func TestUnits(t *testing.T) {
	row := func(id, prompt, conversation, reason string, time, score, propensity, quality float64) loggedRow {
		return loggedRow{id: id, prompt: prompt, conversation: conversation, reason: results.Reason(reason), time: time, score: score, propensity: propensity, quality: quality, cost: math.NaN()}
	}
	none := math.NaN()
	units, begun := unitsOf([]loggedRow{
		row("late", "p2", "a", "sticky", 5, 0.9, 0.95, 0),     // in the file before its beginning
		row("first", "p1", "a", "score", 1, 0.2, 0.95, 1),     //
		row("again", "p1", "a", "explore", 9, 0.2, 0.05, 0.5), // decided anew once forgotten, on the same prompt
		row("rest", "p3", "a", "sticky", 10, 0.4, 0.05, none), // follows the second decision
		row("same", "p1", "b", "score", 3, 0.2, 0.95, none),   // another conversation that begins alike
		row("alone", "p1", "", "score", 4, 0.2, 0.95, 1),      // no conversation
		row("middle", "p4", "c", "bound", 2, 0.9, 0.95, 1),    // its beginning is not in the log
		row("image", "p5", "d", "images", 6, 0.1, 1, 1),       // a limit decided
		row("after", "p6", "d", "sticky", 7, 0.9, 1, 0),       //
		row("blank", "", "", "default", 8, none, 1, 0),        //
		row("sure", "p7", "", "score", 11, 0.7, 1, 0),         // nothing else could have been drawn
		row("direct", "p8", "", "direct", 12, 0.7, 1, 0),      // the client chose
	})
	type summary struct {
		id      string
		quality float64
		rated   int
		cluster string
		fixed   string
	}
	var got []summary
	for _, u := range units {
		got = append(got, summary{u.first.id, u.quality.Sum, u.quality.N, u.cluster, string(u.fixed())})
	}
	want := []summary{
		{"first", 1, 2, "p1", ""}, {"same", 0, 0, "p1", ""}, {"alone", 1, 1, "p1", ""}, {"image", 1, 2, "p5", "images"},
		{"blank", 0, 1, "blank", "default"}, {"again", 0.5, 1, "p1", ""}, {"sure", 0, 1, "p7", noDraw}, {"direct", 0, 1, "p8", "direct"},
	}
	if !slices.Equal(got, want) || begun != 1 {
		t.Errorf("%d begun before the log, decisions\n%v, want\n%v", begun, got, want)
	}
	var d results.LoggedDecisions
	if kept := countDecisions(units, &d); len(kept) != 4 || d.Estimated != 4 || d.Rated != 3 || d.Conversations != 4 || d.Weak.AgainstScore != 1 || float64(d.Weak.Quality) != (0.5+1+0.5)/3 {
		t.Errorf("%d kept, %+v", len(kept), d)
	}
}

// TestWrongPropensities warns of logged probabilities that cannot be those of the draws.
func TestWrongPropensities(t *testing.T) {
	run := func(strongShare int) []string {
		l := loggedRun{doc: &results.LogEvaluation{}}
		for i := range 1000 {
			l.units = append(l.units, &unit{first: loggedRow{strong: i%100 < strongShare, propensity: 0.5}})
		}
		l.warnOfPropensities()
		return l.doc.Warnings
	}
	if w := run(50); len(w) != 0 {
		t.Errorf("right ones: %q", w)
	}
	if w := run(60); len(w) != 2 {
		t.Errorf("wrong ones: %q", w)
	}
}
