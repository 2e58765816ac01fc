package harness

import (
	"testing"

	"github.com/routellm/routellm/results"
)

func TestNearNoteOfOne(t *testing.T) {
	notes := nearNotes("mine", "mf", results.NearCopies{Samples: 1, SampleIDs: []string{"a"}}, false)
	want := "warning: mine: 1 sample is a near copy of training prompts of mf, which may flatter the results: a; eval, compare and calibrate leave it out with --exclude-near"
	if len(notes) != 1 || notes[0] != want {
		t.Errorf("notes %q, want %q", notes, want)
	}
}
