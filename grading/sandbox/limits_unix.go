//go:build unix

package sandbox

import (
	"fmt"
	"math"
	"os/exec"
	"syscall"
	"time"
)

// limited returns the words before a command that set the limits of its processes. A shell sets them,
// because Go cannot between fork and exec; it ignores those that the system does not know. It stays
// the parent of the program: as the first process of a namespace, it must end what is left in it.
func limited(l Limits, isolated bool) []string {
	seconds := int64(math.Ceil(l.Time.Seconds()))
	set := fmt.Sprintf("ulimit -c 0; ulimit -t %d; ulimit -f %d; ulimit -v %d; ulimit -n 256;", seconds+1, (l.File+511)/512, l.Memory/1024)
	if isolated { // elsewhere the number counts the processes of the user outside, too
		set += fmt.Sprintf("ulimit -u %d || ulimit -p %d;", l.Processes, l.Processes)
	}
	return []string{"/bin/sh", "-c", "{ " + set + ` } 2>/dev/null; "$@"; exit $?`, "sh"}
}

// killGroup kills what a program has left behind in its process group.
func killGroup(cmd *exec.Cmd) {
	for range 5 { // a group that forks meanwhile may need more than one signal
		if syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) != nil {
			return
		}
		time.Sleep(time.Millisecond)
	}
}
