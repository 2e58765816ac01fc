package main

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

const program = "github.com/routellm/routellm/cmd/routellm"

// flags make the program independent of the machine that builds it; build adds the version. They come
// after GOFLAGS, so that a developer's own settings change nothing.
var flags = []string{"build", "-trimpath", "-buildvcs=auto", "-tags=", "-mod=readonly"}

// settings returns the environment in which the program is built for a platform.
func settings(platform string) []string {
	goos, goarch, _ := strings.Cut(platform, "/")
	return []string{"CGO_ENABLED=0", "GOOS=" + goos, "GOARCH=" + goarch, "GOAMD64=v1", "GOARM64=v8.0"}
}

// build builds the program for a platform and returns the path of the file.
func (r *release) build(ctx context.Context, platform string) (string, error) {
	name := "routellm"
	if strings.HasPrefix(platform, "windows/") {
		name += ".exe"
	}
	path := filepath.Join(r.work, strings.ReplaceAll(platform, "/", "_"), name)
	args := append(flags[:len(flags):len(flags)], "-ldflags",
		"-s -w -X github.com/routellm/routellm/internal/version.release="+r.Version, "-o", path, program)
	_, err := command(ctx, settings(platform), "go", args...)
	return path, err
}

// platform makes the archive and the bill of materials of a platform.
func (r *release) platform(ctx context.Context, platform string, shared []file) error {
	path, err := r.build(ctx, platform)
	if err != nil {
		return err
	}
	defer os.Remove(path) // 60 MB that nobody needs any more
	binary, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	licences, err := licences(ctx, path)
	if err != nil {
		return err
	}
	name := r.stem(platform)
	files := append([]file{{filepath.Base(path), binary, true}, licences}, shared...)
	if strings.HasPrefix(platform, "windows/") {
		err = r.write(name+".zip", zipped(name, r.time, files))
	} else {
		err = r.write(name+".tar.gz", tarred(name, r.time, files))
	}
	if err != nil {
		return err
	}
	return r.materials(ctx, path, name)
}

// stem returns the name of a platform's files without their extension.
func (r *release) stem(platform string) string {
	return "routellm_" + r.number() + "_" + strings.ReplaceAll(platform, "/", "_")
}

// host is the platform of this machine.
const host = runtime.GOOS + "/" + runtime.GOARCH
