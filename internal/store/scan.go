package store

import (
	"bytes"
	"context"
	"io"
)

const (
	wideWindow   = 64 << 10 // bytes to read at once where frames are small
	narrowWindow = 512      // where values are skipped
	smallFrame   = 4 << 10
	checkEvery   = 1024 // frames between two looks at the context
)

// window reads a file through a buffer.
type window struct {
	r    io.ReaderAt
	size int64 // bytes of the file
	at   int64 // position of buf in the file
	buf  []byte
	wide bool
}

// read returns n bytes at a position, or fewer at the end of the file. They are valid until the
// next call.
func (w *window) read(at int64, n int) ([]byte, error) {
	n = int(min(int64(n), w.size-at))
	if from := at - w.at; from >= 0 && from+int64(n) <= int64(len(w.buf)) {
		return w.buf[from : from+int64(n)], nil
	}
	most := narrowWindow
	if w.wide {
		most = wideWindow
	}
	length := int(min(int64(max(n, most)), w.size-at))
	if cap(w.buf) < length {
		w.buf = make([]byte, max(length, most))
	}
	w.at, w.buf = at, w.buf[:length]
	got, err := w.r.ReadAt(w.buf, at)
	if err != nil && (err != io.EOF || got < length) {
		w.buf = w.buf[:0]
		return nil, err
	}
	return w.buf[:n], nil
}

// scan is the reading of the frames of one file.
type scan struct {
	window
	marker  marker
	damaged int64 // bytes that belong to no frame, in front of frames
	first   int64 // position of the first of them
}

// frames visits the entries of all frames from a position on, each with the position of its value.
// It returns the end of the last frame: what follows was not written completely. Places that are
// damaged are skipped and counted.
func (s *scan) frames(ctx context.Context, at int64, visit func(e entry, at int64, replace bool)) (end int64, err error) {
	end = at
	for n := 0; at < s.size; n++ {
		if n%checkEvery == 0 && ctx.Err() != nil {
			return end, ctx.Err()
		}
		head, total, err := s.head(at)
		switch {
		case err != nil:
			return end, err
		case head != nil && at+total > s.size:
			return end, nil
		case head == nil:
			if at, err = s.next(ctx, at+1); err != nil {
				return end, err
			}
			continue
		}
		if at > end {
			if s.damaged == 0 {
				s.first = end
			}
			s.damaged += at - end
		}
		s.wide = total < smallFrame
		value := at + int64(len(head))
		count, replace := frameCount(s.marker, head)
		for i := range count {
			e := parseEntry(head, i)
			visit(e, value, replace)
			value += int64(e.size)
		}
		at += total
		end = at
	}
	return end, nil
}

// head returns the bytes of a frame in front of its values, and the length of the frame; nil if
// there is no frame at a position.
func (s *scan) head(at int64) (head []byte, total int64, err error) {
	b, err := s.read(at, markerSize+4)
	if err != nil || len(b) < markerSize+4 {
		return nil, 0, err
	}
	count, _ := frameCount(s.marker, b)
	size := fixedFrame + entrySize*count
	if count == 0 || int64(size) > s.size-at {
		return nil, 0, nil
	}
	if b, err = s.read(at, size); err != nil || !summed(b) {
		return nil, 0, err
	}
	total = int64(size)
	for i := range count {
		total += int64(parseEntry(b, i).size)
	}
	return b, total, nil
}

// next returns the position of the next marker, or the file's size.
func (s *scan) next(ctx context.Context, at int64) (int64, error) {
	s.wide = true
	for at+markerSize <= s.size && ctx.Err() == nil {
		b, err := s.read(at, wideWindow)
		if err != nil {
			return at, err
		}
		if i := bytes.Index(b, s.marker[:]); i >= 0 {
			return at + int64(i), nil
		}
		at += int64(len(b)) - markerSize + 1
	}
	return s.size, ctx.Err()
}
