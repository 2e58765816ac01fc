//go:build !linux

package sandbox

import "os/exec"

// attach does nothing: this system has no signal for it.
func attach(*exec.Cmd) (release func()) { return func() {} }

// isolate does nothing: this system has no namespaces.
func isolate(*exec.Cmd) {}

// canIsolate reports false.
func canIsolate() bool { return false }
