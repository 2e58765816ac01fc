//go:build !linux && !darwin

package doctorcmd

// freeSpace does not know the free space of this system.
func freeSpace(string) (bytes float64, known bool) { return 0, false }
