package sockets

// Places has one element per open connection. Nil bounds nothing.
type Places chan struct{}

// NewPlaces returns n free places, or nil if n is 0.
func NewPlaces(n int) Places {
	if n == 0 {
		return nil
	}
	return make(Places, n)
}

// Try takes a place if one is free.
func (p Places) Try() bool {
	if p == nil {
		return true
	}
	select {
	case p <- struct{}{}:
		return true
	default:
		return false
	}
}

// Enter takes a place and waits for it if need be. It returns false if done comes first.
func (p Places) Enter(done <-chan struct{}) bool {
	if p.Try() {
		return true
	}
	select {
	case p <- struct{}{}:
		return true
	case <-done:
		return false
	}
}

// Leave gives a place back.
func (p Places) Leave() {
	if p != nil {
		<-p
	}
}
