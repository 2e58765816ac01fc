package importers

import (
	"archive/zip"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"

	"github.com/klauspost/compress/zstd"
)

// isInspectZip recognises a .eval file by the first member of the archive.
func isInspectZip(p *peek) bool {
	if !p.is("PK\x03\x04") || len(p.head) < 30 {
		return false
	}
	n := int(binary.LittleEndian.Uint16(p.head[26:]))
	name := string(p.head[30:min(30+n, len(p.head))])
	return name == "header.json" || strings.HasPrefix(name, "_journal/") || strings.HasPrefix(name, "samples/")
}

// inspectLog is a log of Inspect: one JSON document, or an archive of several.
type inspectLog struct {
	in   *input
	file *file
}

func (l inspectLog) path() string { return l.file.path }

// header returns the log without its samples.
func (l inspectLog) header() (record, error) {
	if l.file.kind == "json" {
		header, err := l.in.arrays(l.file, map[string]visitor{"samples": func(record) error { return errEnough }})
		if err == errEnough {
			err = nil // what comes before the samples is enough
		}
		return header, err
	}
	z, err := l.open()
	if err != nil {
		return record{}, err
	}
	defer z.Close()
	for _, name := range []string{"header.json", "_journal/start.json"} { // a log that was cut off has only the second
		i := slices.IndexFunc(z.File, func(f *zip.File) bool { return f.Name == name })
		if i >= 0 {
			return l.member(z.File[i])
		}
	}
	return record{}, fmt.Errorf("%q: found no header.json in the archive, expected a log of Inspect", l.path())
}

// samples visits the samples.
func (l inspectLog) samples(visit visitor) error {
	if l.file.kind == "json" {
		_, err := l.in.arrays(l.file, map[string]visitor{"samples": visit, "reductions": nil})
		return err
	}
	z, err := l.open()
	if err != nil {
		return err
	}
	defer z.Close()
	last := map[string]int{} // a sample that was tried again is there twice
	for i, f := range z.File {
		last[f.Name] = i
	}
	for i, f := range z.File {
		if !strings.HasPrefix(f.Name, "samples/") || last[f.Name] != i {
			continue
		}
		sample, err := l.member(f)
		if err != nil {
			return err
		}
		sample.row = i + 1
		if err := visit(sample); err != nil {
			return err
		}
	}
	return nil
}

func (l inspectLog) open() (*zip.ReadCloser, error) {
	z, err := zip.OpenReader(l.file.at)
	if err != nil {
		return nil, fmt.Errorf("%q: expected an archive of Inspect: %w", l.path(), err)
	}
	l.in.used[l.file] = true
	z.RegisterDecompressor(zstd.ZipMethodWinZip, zstd.ZipDecompressor(zstd.WithDecoderConcurrency(1)))
	return z, nil
}

// member reads one of the archive's documents.
func (l inspectLog) member(f *zip.File) (record, error) {
	if err := l.in.read(int64(f.CompressedSize64)); err != nil {
		return record{}, err
	}
	r, err := f.Open()
	if err != nil {
		return record{}, fmt.Errorf("%q: %s: %w", l.path(), f.Name, err)
	}
	defer r.Close()
	doc, err := arraysIn(l.path(), contextReader{l.in.ctx, r}, nil)
	if doc.member = f.Name; err != nil {
		err = fmt.Errorf("%s: %w", f.Name, err)
	}
	return doc, err
}
