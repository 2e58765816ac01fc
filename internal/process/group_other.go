//go:build !unix

package process

import "os/exec"

// Together does nothing: on this system a command's children are not killed with it.
func Together(*exec.Cmd) {}
