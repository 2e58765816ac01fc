package cli

import (
	"os"
	"path/filepath"

	made "github.com/routellm/routellm/internal/examples"
)

// writeSummaries writes the summaries that scripts use into a folder.
func writeSummaries(dir string) error {
	moves, err := os.ReadFile(filepath.Join(sources, "examples", "pool.csv"))
	if err != nil {
		return err
	}
	all := map[string]string{"pool.csv": string(moves)}
	for name, s := range map[string]struct {
		router  string
		width   float64
		buckets int
		task    bool
	}{
		"length.csv": {"length", 4, 200, false}, "subject.csv": {"subject", 1. / 256, 200, false}, "whole.csv": {"length", 4, 0, false},
		"exact.csv": {"length", 0, 200, false}, "tasks.csv": {"length", 4, 200, true},
	} {
		if all[name], err = made.SummaryCSV(s.router, s.width, s.buckets, s.task); err != nil {
			return err
		}
	}
	for name, text := range all {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			return err
		}
	}
	return nil
}
