package parquetfile

// entryRows bounds the number of entries that are decoded at once.
const entryRows = 1 << 10

// entries reads a leaf below lists or structs, one entry at a time. An entry is a value, or says
// at which level it is null or a list is empty.
type entries struct {
	flat[Cell]
	cells []Cell // decoded non-null values from the next entry on
	end   int    // entry of the page up to which they go
}

func newEntries(f *File, n *node) *entries {
	e := &entries{flat: flat[Cell]{plain: cellsOf(scalarOf(n.elem))}}
	e.pager = pager{file: f, leaf: n}
	return e
}

// begin goes to the first entry of the next row.
func (e *entries) begin() error {
	for e.entry == e.page.n {
		e.end = 0
		if err := e.nextPage(); err != nil {
			return err
		}
	}
	if rep, _, _, err := e.look(); err != nil || rep != 0 {
		return orElse(err, errLevels)
	}
	return nil
}

// look returns the levels of the next entry of the open chunk, and whether there is one.
func (e *entries) look() (rep, def byte, ok bool, err error) {
	for e.entry == e.page.n {
		if e.left == 0 {
			return 0, 0, false, nil
		}
		e.end = 0
		if err := e.nextPage(); err != nil {
			return 0, 0, false, err
		}
	}
	def = e.leaf.def
	if e.page.def != nil {
		def = e.page.def[e.entry]
	}
	if e.page.rep != nil {
		rep = e.page.rep[e.entry]
	}
	return rep, def, true, nil
}

// pop takes the next entry, which exists. An entry that is not a value is a missing cell.
func (e *entries) pop() (Cell, error) {
	if e.entry >= e.end {
		to := min(e.entry+entryRows, e.page.n)
		var err error
		if e.cells, _, err = e.take(e.page.present(e.leaf, e.entry, to)); err != nil {
			return Cell{}, err
		}
		e.end = to
	}
	i := e.entry
	e.entry++
	if e.page.def != nil && e.page.def[i] < e.leaf.def {
		return Cell{}, nil
	}
	c := e.cells[0]
	e.cells = e.cells[1:]
	if found := checkCell(c); found != "" {
		return c, badValue{found: found}
	}
	return c, nil
}

// exhausted reports whether the open chunk has no entry left.
func (e *entries) exhausted() bool { return e.entry == e.page.n && e.left == 0 }

func orElse(err, other error) error {
	if err != nil {
		return err
	}
	return other
}
