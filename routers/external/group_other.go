//go:build !unix

package external

import "os/exec"

// together does nothing: on this system a command's children are not killed with it.
func together(*exec.Cmd) {}
