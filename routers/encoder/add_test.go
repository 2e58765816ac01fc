package encoder

import "testing"

// TestAdd compares the sums of both versions bit by bit, over every token.
func TestAdd(t *testing.T) {
	e, err := Static()
	if err != nil {
		t.Fatal(err)
	}
	var got, want [dim]float32
	for id, scale := range e.scale {
		row := (*[dim]byte)(e.rows[dim*id:])
		add(&got, row, scale)
		addGo(&want, row, scale)
	}
	if got != want {
		t.Errorf("sums %v, expected %v", got[:4], want[:4])
	}
}
