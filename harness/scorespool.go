package harness

import (
	"encoding/binary"
	"math"
)

// keep writes scores to the router's temporary file.
func (r *streamedRouter) keep(scores []float64) error {
	b := make([]byte, 0, 8*len(scores))
	for _, v := range scores {
		b = binary.LittleEndian.AppendUint64(b, math.Float64bits(v))
	}
	_, err := r.spool.Write(b)
	return err
}

// kept returns n of the scores that were kept, from one row on.
func (r *streamedRouter) kept(from, n int) ([]float64, error) {
	b := make([]byte, 8*n)
	if _, err := r.spool.reader().ReadAt(b, 8*int64(from)); err != nil {
		return nil, err
	}
	out := make([]float64, n)
	for i := range out {
		out[i] = math.Float64frombits(binary.LittleEndian.Uint64(b[8*i:]))
	}
	return out, nil
}
