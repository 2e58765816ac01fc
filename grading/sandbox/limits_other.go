//go:build !unix

package sandbox

import "os/exec"

// limited returns no words: on this system processes have no limits but that of time.
func limited(Limits, bool) []string { return nil }

// killGroup does nothing: this system has no process groups.
func killGroup(*exec.Cmd) {}
