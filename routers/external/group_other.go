//go:build !unix

package external

import "os/exec"

// together does nothing: a command's children are not killed with it here.
func together(*exec.Cmd) {}
