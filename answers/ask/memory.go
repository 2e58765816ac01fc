package ask

import (
	"slices"
	"sync"
)

// Memory is a store that ends with the process. The zero value is ready for use.
type Memory struct {
	mu     sync.Mutex
	values map[[32]byte][]byte
}

// Get returns the value of a digest.
func (m *Memory) Get(digest [32]byte) (value []byte, ok bool, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	value, ok = m.values[digest]
	return slices.Clone(value), ok, nil
}

// Put keeps a value.
func (m *Memory) Put(digest [32]byte, value []byte) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.values == nil {
		m.values = map[[32]byte][]byte{}
	}
	m.values[digest] = slices.Clone(value)
	return nil
}
