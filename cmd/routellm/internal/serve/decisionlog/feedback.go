package decisionlog

import (
	"errors"
	"fmt"
	"time"

	"github.com/routellm/routellm/internal/num"
)

// Feedback holds somebody's judgement of the answer to one request. It has a line of its own in the
// log, perhaps in a later file than the request's.
type Feedback struct {
	Time    time.Time `json:"time"`              // time at which it arrived, UTC
	ID      string    `json:"id"`                // id of the request
	Quality *float64  `json:"quality,omitempty"` // quality of the answer, finite; nil if not given
	Thumb   Thumb     `json:"thumb,omitempty"`   // "" if not given
	Comment string    `json:"comment,omitempty"` // free text
	Client  string    `json:"client,omitempty"`  // the client, as in [Record]
}

// Thumb is a verdict without a number.
type Thumb string

// The verdicts.
const (
	Up   Thumb = "up"
	Down Thumb = "down"
)

// Check returns an error for feedback that lacks a value or has one out of range. It names the
// field.
func (f *Feedback) Check() error {
	switch {
	case !ValidID(f.ID):
		return errors.New(`"id": expected 32 hex digits, the X-Routellm-Id of an answer`)
	case f.Quality == nil && f.Thumb == "":
		return errors.New(`expected "quality", a number, or "thumb", "up" or "down"`)
	case f.Quality != nil && !num.Finite(*f.Quality):
		return errors.New(`"quality": expected a finite number`)
	case f.Thumb != "" && f.Thumb != Up && f.Thumb != Down:
		return errors.New(`"thumb": expected "up" or "down"`)
	}
	return nil
}

// ValidID reports whether a text has the form of a request's id: 32 hex digits in lower case.
func ValidID(id string) bool {
	for _, c := range []byte(id) {
		if !('0' <= c && c <= '9' || 'a' <= c && c <= 'f') {
			return false
		}
	}
	return len(id) == 32
}

// feedbackLine is a line of the log with feedback.
type feedbackLine struct {
	SchemaVersion int       `json:"schema_version"`
	Feedback      *Feedback `json:"feedback"`
}

// WriteFeedback appends feedback as [Log.Write] appends a record.
func (l *Log) WriteFeedback(f *Feedback) error {
	return l.writeLine(feedbackLine{Version, f})
}

// parsed checks feedback that was read from a log. Its id only has to be there: logs of other
// programs may have other ones.
func (f *Feedback) parsed() error {
	switch {
	case f.ID == "":
		return errors.New(`field "feedback.id": found nothing, expected a string`)
	case f.Thumb != "" && f.Thumb != Up && f.Thumb != Down:
		return fmt.Errorf(`field "feedback.thumb": found %q, expected "up" or "down"`, f.Thumb)
	}
	return nil
}
