package decisionlog

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestFeedbackLines writes records and feedback, and reads each alone and both.
func TestFeedbackLines(t *testing.T) {
	path := filepath.Join(t.TempDir(), "d.jsonl")
	l, err := Open(path, 1, 0)
	if err != nil {
		t.Fatal(err)
	}
	quality := 0.25
	r := record("r1")
	for _, err := range []error{
		l.Write(r),
		l.WriteFeedback(&Feedback{Time: r.Time, ID: "r1", Quality: &quality, Comment: "\"feedback\""}),
		l.Write(record("r2")),
		l.WriteFeedback(&Feedback{Time: r.Time, ID: "r2", Thumb: Up}),
		l.Close(),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	var ids, said []string
	bytes := 0
	each := Lines{
		Record: func(r *Record) error { ids = append(ids, r.ID); return nil },
		Feedback: func(f *Feedback) error {
			said = append(said, f.ID+string(f.Thumb)+f.Comment)
			return nil
		},
		Bytes: func(n int) error { bytes += n; return nil },
	}
	for _, lines := range []Lines{each, {Record: each.Record}, {Feedback: each.Feedback}, {}} {
		if _, err := lines.Read(path); err != nil {
			t.Error(err)
		}
	}
	if _, err := Read(path, func(r Record) error { ids = append(ids, r.ID); return nil }); err != nil {
		t.Error(err)
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(ids, " ") + "|" + strings.Join(said, " "); got != `r1 r2 r1 r2 r1 r2|r1"feedback" r2up r1"feedback" r2up` || bytes != int(info.Size()) {
		t.Errorf("%s, %d bytes of %d", got, bytes, info.Size())
	}
}

// TestFeedbackErrors reads lines that are no feedback.
func TestFeedbackErrors(t *testing.T) {
	path := filepath.Join(t.TempDir(), "d.jsonl")
	for line, want := range map[string]string{
		`{"schema_version": 2, "feedback": {"thumb": "up"}}`:              `row 1: field "feedback.id": found nothing`,
		`{"schema_version": 2, "feedback": {"id": "r", "thumb": "left"}}`: `field "feedback.thumb": found "left"`,
		`{"schema_version": 9, "feedback": {"id": "r", "thumb": "up"}}`:   `field "schema_version": found 9`,
		`{"schema_version": 2, "feedback": 3}`:                            "expected a record",
	} {
		if err := os.WriteFile(path, []byte(line+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := (Lines{Feedback: func(*Feedback) error { return nil }}).Read(path); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, expected %s", line, err, want)
		}
	}
}

// TestDigest checks that digests stay the same while the secret does, and only its user can read it.
func TestDigest(t *testing.T) {
	path := filepath.Join(t.TempDir(), "new", "d.jsonl")
	digest := func(name string) string {
		t.Helper()
		l, err := Open(path, 1, 0)
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		return l.Digest(name)
	}
	first := digest("team-a")
	if len(first) != 16 || digest("team-a") != first || digest("team-b") == first || digest("") != "" {
		t.Errorf("digest %q", first)
	}
	info, err := os.Stat(path + ".key")
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("%v, %v", info, err)
	}
	if err := os.Remove(path + ".key"); err != nil || digest("team-a") == first {
		t.Errorf("%v, or the same digest with another secret", err)
	}
	if err := os.WriteFile(path+".key", []byte("short\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(path, 1, 0); err == nil || !strings.Contains(err.Error(), "expected 64 hex digits") {
		t.Error(err)
	}
}
