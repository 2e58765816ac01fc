package main

import (
	"archive/tar"
	"archive/zip"
	"compress/flate"
	"compress/gzip"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// file is a file of an archive.
type file struct {
	name       string // path below the archive's folder, with slashes
	data       []byte
	executable bool
}

func (f file) mode() os.FileMode {
	if f.executable {
		return 0o755
	}
	return 0o644
}

// tarred returns a writer of a tar.gz file that unpacks into one folder.
func tarred(folder string, when time.Time, files []file) func(io.Writer) error {
	return func(w io.Writer) error {
		z, err := gzip.NewWriterLevel(w, gzip.BestCompression)
		if err != nil {
			return err
		}
		t := tar.NewWriter(z)
		for _, f := range files {
			header := &tar.Header{
				Typeflag: tar.TypeReg, Name: folder + "/" + f.name, Size: int64(len(f.data)), Mode: int64(f.mode()),
				ModTime: when, Uname: "root", Gname: "root", Format: tar.FormatUSTAR,
			}
			if err := t.WriteHeader(header); err != nil {
				return err
			}
			if _, err := t.Write(f.data); err != nil {
				return err
			}
		}
		return errors.Join(t.Close(), z.Close())
	}
}

// zipped returns a writer of a zip file that unpacks into one folder.
func zipped(folder string, when time.Time, files []file) func(io.Writer) error {
	return func(w io.Writer) error {
		z := zip.NewWriter(w)
		z.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, flate.BestCompression) })
		for _, f := range files {
			header := &zip.FileHeader{Name: folder + "/" + f.name, Method: zip.Deflate, Modified: when.UTC()}
			header.SetMode(f.mode())
			entry, err := z.CreateHeader(header)
			if err != nil {
				return err
			}
			if _, err := entry.Write(f.data); err != nil {
				return err
			}
		}
		return z.Close()
	}
}

// write adds a file to the release.
func (r *release) write(name string, content func(io.Writer) error) error {
	f, err := os.OpenFile(filepath.Join(r.dir, name), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	if err := errors.Join(content(f), f.Sync(), f.Close(), os.Chtimes(f.Name(), r.time, r.time)); err != nil {
		return err
	}
	r.files = append(r.files, name)
	return nil
}

// sums is the name of the file of checksums, in the format of sha256sum.
const sums = "checksums.txt"

// checksums writes the digest of every file of the release.
func (r *release) checksums() error {
	var b strings.Builder
	for _, name := range slices.Sorted(slices.Values(r.files)) {
		sum, err := r.digest(name)
		if err != nil {
			return err
		}
		fmt.Fprintf(&b, "%s  %s\n", sum, name)
	}
	return r.write(sums, text(b.String()))
}

// digest returns the SHA-256 of a file of the release in hex.
func (r *release) digest(name string) (string, error) {
	f, err := os.Open(filepath.Join(r.dir, name))
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return fmt.Sprintf("%x", h.Sum(nil)), nil
}

// text returns a writer of a text.
func text(s string) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := io.WriteString(w, s)
		return err
	}
}
