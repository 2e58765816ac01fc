package check

import (
	"os/exec"
	"syscall"
)

// inside returns the image's program with the folder as its root, its user and its environment.
func inside(root, listen string, args ...string) *exec.Cmd {
	c := exec.Command("/routellm", args...)
	c.Dir = "/var/lib/routellm"
	c.Env = []string{"ROUTELLM_LISTEN=" + listen}
	c.SysProcAttr = &syscall.SysProcAttr{Chroot: root, Credential: &syscall.Credential{Uid: 65532, Gid: 65532}}
	return c
}
