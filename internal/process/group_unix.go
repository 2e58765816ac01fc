//go:build unix

package process

import (
	"errors"
	"os"
	"os/exec"
	"syscall"
)

// Together makes a command and its children one process group, so that they are killed
// together: a shell that is killed alone leaves its children running.
func Together(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error {
		err := syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
		if errors.Is(err, syscall.ESRCH) {
			return os.ErrProcessDone
		}
		return err
	}
}
