package routers

// As returns r, or the first router that r was made of, as a T: [ForPair], [ForPool] and their like
// return routers around others, whose optional interfaces still hold. ok is false if none of them
// is a T.
func As[T any](r any) (found T, ok bool) {
	for r != nil {
		if found, ok = r.(T); ok {
			return found, true
		}
		around, wraps := r.(interface{ Unwrap() any })
		if !wraps {
			break
		}
		r = around.Unwrap()
	}
	return found, false
}
