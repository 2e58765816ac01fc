package sandbox

import (
	"os"
	"os/exec"
	"runtime"
	"sync"
	"syscall"
)

// attach lets a command end with the caller, even if the caller is killed. The calling goroutine must
// keep its thread until the command has ended, because the system takes the thread for the caller.
func attach(cmd *exec.Cmd) (release func()) {
	runtime.LockOSThread()
	cmd.SysProcAttr.Pdeathsig = syscall.SIGKILL
	return runtime.UnlockOSThread
}

// isolate gives a command namespaces of its own: users (so that no rights are needed for the others),
// processes, the network and messages. When the first process of a namespace ends, the kernel kills
// the rest.
func isolate(cmd *exec.Cmd) {
	a := cmd.SysProcAttr
	a.Cloneflags = syscall.CLONE_NEWUSER | syscall.CLONE_NEWPID | syscall.CLONE_NEWNET | syscall.CLONE_NEWIPC | syscall.CLONE_NEWUTS
	a.UidMappings = []syscall.SysProcIDMap{{ContainerID: os.Getuid(), HostID: os.Getuid(), Size: 1}}
	a.GidMappings = []syscall.SysProcIDMap{{ContainerID: os.Getgid(), HostID: os.Getgid(), Size: 1}}
}

// canIsolate reports whether the system lets the caller make namespaces. It tries once.
var canIsolate = sync.OnceValue(func() bool {
	cmd := exec.Command("/bin/sh", "-c", ":")
	cmd.SysProcAttr = &syscall.SysProcAttr{}
	isolate(cmd)
	return cmd.Run() == nil
})
