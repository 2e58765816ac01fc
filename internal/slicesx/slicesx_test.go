package slicesx_test

import (
	"slices"
	"testing"

	"github.com/routellm/routellm/internal/slicesx"
)

func TestPick(t *testing.T) {
	x := []string{"a", "b", "c"}
	for _, c := range []struct {
		index []int
		want  []string
	}{
		{[]int{2, 0, 2}, []string{"c", "a", "c"}},
		{[]int{0, 1, 2}, []string{"a", "b", "c"}},
		{nil, []string{}},
	} {
		got := slicesx.Pick(x, c.index)
		if !slices.Equal(got, c.want) || got == nil {
			t.Errorf("Pick(%v, %v) = %#v, want %#v", x, c.index, got, c.want)
		}
	}
	picked := slicesx.Pick(x, []int{1})
	if picked[0] = "changed"; x[1] != "b" {
		t.Error("Pick returned a slice that shares memory with its argument")
	}
}

func TestPickPanicsOutOfRange(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("no panic for an index out of range")
		}
	}()
	slicesx.Pick([]int{1}, []int{1})
}
