package logcmd

import (
	"fmt"
	"math"
	"time"

	"github.com/routellm/routellm/cmd/routellm/internal/serve/decisionlog"
	"github.com/routellm/routellm/internal/text"
)

// opinions holds the feedback of the logs by request.
type opinions struct {
	byID  map[string]*opinion
	lines int // number of lines with feedback
}

// opinion is the feedback on one request. The latest quality and the latest thumb count.
type opinion struct {
	quality        float64 // NaN if there is none
	thumb          decisionlog.Thumb
	rated, thumbed time.Time // time of these two
	found          bool      // the request is in the logs
}

func newOpinions() *opinions { return &opinions{byID: map[string]*opinion{}} }

// none stands for a request without feedback.
var none = opinion{quality: math.NaN()}

// add adds a line of feedback.
func (o *opinions) add(f *decisionlog.Feedback) error {
	o.lines++
	x := o.byID[f.ID]
	if x == nil {
		first := none
		x = &first
		o.byID[f.ID] = x
	}
	if f.Quality != nil && !f.Time.Before(x.rated) {
		x.quality, x.rated = *f.Quality, f.Time
	}
	if f.Thumb != "" && !f.Time.Before(x.thumbed) {
		x.thumb, x.thumbed = f.Thumb, f.Time
	}
	return nil
}

// of returns the feedback on a request of the logs.
func (o *opinions) of(id string) opinion {
	x := o.byID[id]
	if x == nil {
		return none
	}
	x.found = true
	return *x
}

// notes says what became of the feedback, once the requests have been read.
func (o *opinions) notes() []string {
	if o.lines == 0 {
		return nil
	}
	lost := 0
	for _, x := range o.byID {
		if !x.found {
			lost++
		}
	}
	note := fmt.Sprintf("%s of feedback on %s", text.Plural(o.lines, "line"), text.Plural(len(o.byID), "request"))
	if lost > 0 {
		note += fmt.Sprintf("; %s of them %s not in the logs: that feedback is left out", text.Thousands(lost), text.Agree(lost, "is", "are"))
	}
	return []string{note}
}
