package rows

import (
	"strconv"
	"strings"
)

// maxFound bounds the number of lists of objects that findLists lists.
const maxFound = 20

// findLists reads an object and returns the paths of the lists of objects in it, without those
// inside of lists.
func (r *jsonReader) findLists(path string, depth int) (found []string, err error) {
	_, err = r.members(func(key string) (bool, error) {
		c, err := r.peek()
		if err != nil {
			return false, noEnd(err)
		}
		inner := joinPath(path, key)
		switch {
		case c == '{' && depth < maxDepth:
			more, err := r.findLists(inner, depth+1)
			found = append(found, more...)
			return false, err
		case c == '[':
			is, err := r.listOfObjects()
			if is && len(found) < maxFound {
				found = append(found, inner)
			}
			return false, err
		}
		return false, r.skip()
	})
	return found, err
}

// listOfObjects reads a list and reports whether its first element is an object.
func (r *jsonReader) listOfObjects() (bool, error) {
	if _, err := r.take(); err != nil {
		return false, err
	}
	c, err := r.peek()
	if err != nil {
		return false, noEnd(err)
	}
	return c == '{', r.value(1, false)
}

func joinPath(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

// goTo reads an object or a list up to the list at a path, whose first bracket comes next. It
// reports whether there is one.
func (r *jsonReader) goTo(path, target string) (bool, error) {
	c, err := r.peek()
	if err != nil {
		return false, noEnd(err)
	}
	switch {
	case c == '[' && path == target:
		return true, nil
	case c == '{' && leadsTo(path, target):
		return r.members(func(key string) (bool, error) { return r.goTo(joinPath(path, key), target) })
	case c == '[' && strings.HasPrefix(target, path+"["):
		return r.elements(path, target)
	}
	return false, r.skip()
}

// leadsTo reports whether the target may be inside of an object at a path.
func leadsTo(path, target string) bool {
	return path == "" || strings.HasPrefix(target, path+".") || strings.HasPrefix(target, path+"[")
}

// elements goes to the target inside of a list.
func (r *jsonReader) elements(path, target string) (bool, error) {
	if _, err := r.take(); err != nil {
		return false, err
	}
	for i := 0; ; i++ {
		c, err := r.peek()
		if err != nil {
			return false, noEnd(err)
		}
		if c == ']' || c == ',' {
			if _, err := r.take(); err != nil || c == ']' {
				return false, err
			}
		}
		if found, err := r.goTo(path+"["+strconv.Itoa(i)+"]", target); found || err != nil {
			return found, err
		}
	}
}
