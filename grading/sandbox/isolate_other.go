//go:build !linux

package sandbox

import "os/exec"

// isolate does nothing: this system has no namespaces.
func isolate(*exec.Cmd) {}

// canIsolate reports false.
func canIsolate() bool { return false }
