// Dist writes a release into a folder: archives of the program for six platforms, a bill of
// materials for each, their checksums and a Homebrew formula. make dist runs it.
//
// The same commit gives the same bytes with the same version of Go: files carry the time of the
// commit, and nothing else depends on the machine or the clock. A release is complete or absent: all of
// it is made in a temporary folder beside the final one, which is replaced at the end.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

func main() {
	var o options
	flag.StringVar(&o.Out, "out", "dist", "folder of the release; what is in it is replaced")
	flag.StringVar(&o.Version, "version", "", "version, such as v1.2.3 (default: what git describe says, or devel)")
	flag.StringVar(&o.Repo, "repo", "https://github.com/routellm/routellm", "address of the repository whose releases hold the files")
	platforms := flag.String("platforms", strings.Join(all, ","), "platforms, as GOOS/GOARCH, separated by commas")
	flag.Parse()
	if flag.NArg() > 0 {
		fmt.Fprintf(os.Stderr, "dist: %q: expected flags alone\n", flag.Arg(0))
		os.Exit(2)
	}
	o.Platforms = strings.Split(*platforms, ",")
	o.Repo = strings.TrimRight(o.Repo, "/")
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, o); err != nil {
		fmt.Fprintln(os.Stderr, "dist:", err)
		os.Exit(1)
	}
}

// all lists the platforms of a release.
var all = []string{"linux/amd64", "linux/arm64", "darwin/amd64", "darwin/arm64", "windows/amd64", "windows/arm64"}

// options say what to release.
type options struct {
	Out       string   // folder of the release
	Version   string   // "" asks git
	Repo      string   // https://HOST/OWNER/NAME
	Platforms []string // platforms to build for, as GOOS/GOARCH
}

// release is a release in the making.
type release struct {
	options
	dir   string    // temporary folder in which it grows
	work  string    // temporary folder for what is not part of it
	time  time.Time // time of the commit, which every file carries
	files []string  // names of the files so far
}

// safe matches versions that may be part of a file's name.
var safe = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9.+_-]*$`)

// check returns an error for options with which no release can be made.
func (o options) check() error {
	if !safe.MatchString(o.Version) {
		return fmt.Errorf("version %q: expected letters, digits and . + _ -, such as v1.2.3", o.Version)
	}
	for i, p := range o.Platforms {
		if slices.Contains(o.Platforms[:i], p) {
			return fmt.Errorf("platform %q is given twice", p)
		}
		if !regexp.MustCompile(`^[a-z0-9]+/[a-z0-9]+$`).MatchString(p) {
			return fmt.Errorf("platform %q: expected GOOS/GOARCH, such as linux/amd64", p)
		}
	}
	if _, err := os.Stat(o.Out); err == nil {
		if _, err := os.Stat(filepath.Join(o.Out, sums)); err != nil {
			return fmt.Errorf("%q exists and holds no %s, so it is no release: remove it, or choose another folder", o.Out, sums)
		}
	}
	return nil
}

// run makes a release and puts it in place.
func run(ctx context.Context, o options) (err error) {
	if o.Version == "" {
		o.Version = describe(ctx)
	}
	if err := o.check(); err != nil {
		return err
	}
	r := &release{options: o}
	if r.time, err = commitTime(ctx); err != nil {
		return err
	}
	parent := filepath.Dir(filepath.Clean(o.Out))
	if r.dir, err = os.MkdirTemp(parent, ".dist-*"); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(r.dir)) }()
	if r.work, err = os.MkdirTemp("", "dist-*"); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(r.work)) }()
	if err := r.make(ctx); err != nil {
		return err
	}
	return replace(r.dir, o.Out)
}

// make makes all files of the release in its temporary folder.
func (r *release) make(ctx context.Context) error {
	shared, err := r.shared(ctx)
	if err != nil {
		return err
	}
	for _, p := range r.Platforms {
		fmt.Fprintf(os.Stderr, "dist: %s %s\n", r.Version, p)
		if err := r.platform(ctx, p, shared); err != nil {
			return fmt.Errorf("%s: %w", p, err)
		}
	}
	if err := r.formula(); err != nil {
		return err
	}
	return r.checksums()
}

// number returns the version without the v of a tag, as names of files and packages have it.
func (r *release) number() string {
	if len(r.Version) > 1 && r.Version[0] == 'v' && r.Version[1] >= '0' && r.Version[1] <= '9' {
		return r.Version[1:]
	}
	return r.Version
}

// replace puts a complete folder in the place of an older one.
func replace(dir, out string) error {
	if err := os.Chmod(dir, 0o755); err != nil { // MkdirTemp's is for its owner alone
		return err
	}
	old := dir + "-old"
	if err := os.Rename(out, old); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	if err := os.Rename(dir, out); err != nil {
		return errors.Join(err, os.Rename(old, out))
	}
	return os.RemoveAll(old)
}

// describe returns the version of the checkout: its tag, the tag and the number of commits since,
// or without a tag the commit; "devel" outside of a checkout.
func describe(ctx context.Context) string {
	text, err := command(ctx, nil, "git", "describe", "--tags", "--always", "--dirty")
	if err != nil {
		return "devel"
	}
	return strings.TrimSpace(string(text))
}

// commitTime returns $SOURCE_DATE_EPOCH, as reproducible-builds.org defines it, or the time of the
// commit.
func commitTime(ctx context.Context) (time.Time, error) {
	text := os.Getenv("SOURCE_DATE_EPOCH")
	if text == "" {
		out, err := command(ctx, nil, "git", "log", "-1", "--format=%ct")
		if err != nil {
			return time.Time{}, fmt.Errorf("the time of the release: %w: outside of a checkout, set SOURCE_DATE_EPOCH", err)
		}
		text = strings.TrimSpace(string(out))
	}
	seconds, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return time.Time{}, fmt.Errorf("the time of the release %q: expected seconds since 1970", text)
	}
	return time.Unix(seconds, 0).UTC(), nil
}

// command runs a program with more environment variables and returns what it writes to stdout. An
// error ends with what it wrote to stderr.
func command(ctx context.Context, env []string, name string, args ...string) ([]byte, error) {
	c := exec.CommandContext(ctx, name, args...)
	c.Env = append(os.Environ(), env...)
	var stderr strings.Builder
	c.Stderr = &stderr
	out, err := c.Output()
	if err != nil {
		return nil, fmt.Errorf("%s: %w\n%s", strings.Join(c.Args[:min(len(c.Args), 3)], " "), err, stderr.String())
	}
	return out, nil
}
