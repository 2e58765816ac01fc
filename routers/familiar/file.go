package familiar

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
)

// version is the first byte of a stored description.
const version = 1

// Bytes returns the description for a model file; nil for a nil Known. It holds the version, the
// number of components, the bound, means, scales, and the number of parts; then, per part, the
// length of the source's name, the name, the limit, the number of centres and the centres. Numbers
// are 32 bits, little endian. Equal descriptions give equal bytes.
func (k *Known) Bytes() []byte {
	if k == nil {
		return nil
	}
	out := writer{version}
	out.count(len(k.space.mean))
	out.numbers(k.space.bound)
	out.numbers(k.space.mean...)
	out.numbers(k.space.scale...)
	out.count(len(k.parts))
	for _, p := range k.parts {
		out.count(len(p.source))
		out = append(out, p.source...)
		out.numbers(p.limit)
		out.count(len(p.centres))
		for _, c := range p.centres {
			out.numbers(c...)
		}
	}
	return out
}

type writer []byte

func (w *writer) count(n int) { *w = binary.LittleEndian.AppendUint32(*w, uint32(n)) }

func (w *writer) numbers(all ...float32) {
	for _, v := range all {
		*w = binary.LittleEndian.AppendUint32(*w, math.Float32bits(v))
	}
}

// Parse returns the description that [Known.Bytes] wrote; nil for no bytes.
func Parse(data []byte) (*Known, error) {
	if len(data) == 0 {
		return nil, nil
	}
	if data[0] != version {
		return nil, fmt.Errorf("version %d, expected %d", data[0], version)
	}
	r := reader{data: data[1:]}
	k := &Known{}
	d := r.count(2)
	k.space = space{bound: r.number(), mean: r.numbers(d), scale: r.numbers(d)}
	for range r.count(1) {
		p := part{source: r.text(r.count(1)), limit: r.number()}
		for range r.count(d) {
			p.centres = append(p.centres, r.numbers(d))
		}
		k.parts = append(k.parts, p)
	}
	if r.failed || len(r.data) > 0 || d <= len(counts) {
		return nil, errors.New("cut short, or damaged")
	}
	return k, nil
}

// reader reads what writer wrote. It fails at the first number beyond the data or not finite, and
// returns zeros from then on.
type reader struct {
	data   []byte
	failed bool
}

// count reads a number of elements that take at least size numbers or bytes each.
func (r *reader) count(size int) int {
	b := r.take(4)
	n := int(binary.LittleEndian.Uint32(b))
	if n > len(r.data)/max(1, size) {
		r.failed = true
		return 0
	}
	return n
}

func (r *reader) number() float32 {
	v := math.Float32frombits(binary.LittleEndian.Uint32(r.take(4)))
	if f := float64(v); math.IsNaN(f) || math.IsInf(f, 0) {
		r.failed = true
		return 0
	}
	return v
}

func (r *reader) numbers(n int) []float32 {
	if r.failed || n > len(r.data)/4 {
		r.failed = true
		return nil
	}
	out := make([]float32, n)
	for i := range out {
		out[i] = r.number()
	}
	return out
}

func (r *reader) text(n int) string { return string(r.take(n)) }

// take returns the next n bytes, zeros if there are fewer.
func (r *reader) take(n int) []byte {
	if r.failed || n > len(r.data) {
		r.failed = true
		return make([]byte, max(4, n))
	}
	out := r.data[:n]
	r.data = r.data[n:]
	return out
}
