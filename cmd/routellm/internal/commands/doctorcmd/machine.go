package doctorcmd

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"

	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
	"github.com/routellm/routellm/cmd/routellm/internal/render"
	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/outfile"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/internal/version"
	"github.com/routellm/routellm/results"
)

// adviceOf returns the first hint of an error.
func adviceOf(err error) string {
	if hints := hint.Of(err); len(hints) > 0 {
		return hints[0]
	}
	return ""
}

// machine checks the program, the processor, the memory, the terminal and the clock.
func (e *examination) machine(s cmdutil.Streams) {
	e.add("version", results.OK, version.String()+", one static program: it needs no Go, no Python and no network", "")
	cores := fmt.Sprintf("%s, %s/%s", text.Plural(runtime.NumCPU(), "core"), runtime.GOOS, runtime.GOARCH)
	if used := runtime.GOMAXPROCS(0); used < runtime.NumCPU() {
		cores += fmt.Sprintf(", %d used", used)
	}
	e.add("processor", results.OK, cores, "")
	e.memory()
	e.terminal(s)
	if now := time.Now().UTC(); now.Year() < 2025 {
		e.add("clock", results.Warning, now.Format(time.DateOnly), "set the clock: certificates and waivers of gate depend on it")
	} else {
		e.add("clock", results.OK, now.Format(time.DateTime)+" UTC", "")
	}
}

// littleMemory is the memory in bytes below which large data may not fit: eval takes 291 MB for a
// million rows.
const littleMemory = 500e6

// memory checks how much memory is available, where the system says so. A container may have less than
// its machine.
func (e *examination) memory() {
	free, total, ok := memoryOf("/proc/meminfo")
	if limit, limited := limitOf("/sys/fs/cgroup/memory.max"); limited && ok && limit < total {
		free, total = min(free, limit), limit
	}
	switch found := size(free) + " available of " + size(total); {
	case !ok:
		e.add("memory", results.Note, "not known on this system", "")
	case free < littleMemory:
		e.add("memory", results.Warning, found, "large data may not fit: eval --summarise works in constant memory")
	default:
		e.add("memory", results.OK, found, "")
	}
}

// memoryOf reads the available and the total memory in bytes from a file as Linux has it.
func memoryOf(path string) (free, total float64, ok bool) {
	data, err := os.ReadFile(path)
	if err != nil {
		return 0, 0, false
	}
	found := map[string]float64{}
	for line := range strings.Lines(string(data)) {
		fields := strings.Fields(line)
		if len(fields) == 3 && fields[2] == "kB" {
			if kB, err := strconv.ParseFloat(fields[1], 64); err == nil {
				found[strings.TrimSuffix(fields[0], ":")] = 1024 * kB
			}
		}
	}
	return found["MemAvailable"], found["MemTotal"], found["MemTotal"] > 0
}

// limitOf reads the limit of a container's memory in bytes; false without one.
func limitOf(path string) (float64, bool) {
	data, err := os.ReadFile(path)
	if err != nil {
		return 0, false
	}
	limit, err := strconv.ParseFloat(strings.TrimSpace(string(data)), 64)
	return limit, err == nil
}

// terminal checks the width and the colours of standard output.
func (e *examination) terminal(s cmdutil.Streams) {
	screen := render.TerminalOf(s.Out)
	colour := map[bool]string{true: "colour", false: "no colour (NO_COLOR or TERM=dumb)"}[screen.Colour]
	switch found := fmt.Sprintf("%d columns, %s", screen.Width, colour); {
	case screen.Width == 0:
		e.add("terminal", results.OK, "none: output goes to a file or a pipe, with all columns and without colour", "")
	case screen.Width < text.Width:
		e.add("terminal", results.Warning, found, fmt.Sprintf("tables leave out columns below %d columns: widen the window", text.Width))
	default:
		e.add("terminal", results.OK, found, "")
	}
}

// folders checks the folders that commands write to.
func (e *examination) folders() {
	dir, err := datasets.CacheDir()
	if err == nil {
		err = writable(dir)
	}
	used := bytesBelow(dir)
	e.addError("cache", dir+", "+size(used), hint.With(err, "set XDG_CACHE_HOME or HOME to a folder that you can write to"))
	_, remove, err := outfile.TempDir("routellm-doctor-")
	if err == nil {
		remove()
	}
	room := ""
	free, known := freeSpace(os.TempDir())
	if known {
		room = ", " + size(free) + " free"
	}
	e.addError("temporary", os.TempDir()+room, hint.With(err, "set TMPDIR to a folder that you can write to"))
	if known && free < littleSpace {
		e.add("temporary", results.Warning, "little space is free: "+size(free), "large data that are converted need space: set TMPDIR to another folder")
	}
	if err := writable("."); err != nil {
		e.add("folder", results.Warning, "the working folder cannot be written to: "+err.Error(), "results need another folder: -o DIR")
	}
}

// littleSpace is the free space in bytes below which converted data may not fit.
const littleSpace = 200e6

// writable returns an error unless a file can be written into a folder, or into the folder in which
// it would be made. It leaves nothing behind.
func writable(dir string) error {
	for {
		info, err := os.Stat(dir)
		if err == nil && !info.IsDir() {
			return fmt.Errorf("%q is a file, not a folder", dir)
		}
		if err == nil {
			break
		}
		if parent := filepath.Dir(dir); errors.Is(err, fs.ErrNotExist) && parent != dir {
			dir = parent
			continue
		}
		return err
	}
	w, err := outfile.Create(filepath.Join(dir, ".routellm-doctor"))
	if err != nil {
		return err
	}
	w.Abort()
	return nil
}

// bytesBelow returns the size of the files below a folder, 0 for one that does not exist.
func bytesBelow(dir string) (total float64) {
	_ = filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return nil // what cannot be read is not counted
		}
		if info, err := d.Info(); err == nil {
			total += float64(info.Size())
		}
		return nil
	})
	return total
}

// size writes bytes as MB or GB.
func size(bytes float64) string {
	if bytes >= 1e9 {
		return fmt.Sprintf("%.1f GB", bytes/1e9)
	}
	return fmt.Sprintf("%.1f MB", bytes/1e6)
}
