package pool

// Matrix holds one row per prompt and one column per model, row by row in Values.
type Matrix struct {
	Columns int
	Values  []float64
}

// NewMatrix returns a matrix of zeros.
func NewMatrix(rows, columns int) Matrix {
	return Matrix{Columns: columns, Values: make([]float64, rows*columns)}
}

// Rows returns the number of rows.
func (m Matrix) Rows() int {
	if m.Columns == 0 {
		return 0
	}
	return len(m.Values) / m.Columns
}

// Row returns row i without copying it.
func (m Matrix) Row(i int) []float64 { return m.Values[i*m.Columns : (i+1)*m.Columns] }

// At returns the value of prompt i and model k.
func (m Matrix) At(i, k int) float64 { return m.Values[i*m.Columns+k] }

// Column returns a copy of the values of model k.
func (m Matrix) Column(k int) []float64 {
	out := make([]float64, m.Rows())
	for i := range out {
		out[i] = m.At(i, k)
	}
	return out
}

// Pick returns the rows at the given indices, in their order.
func (m Matrix) Pick(index []int) Matrix {
	out := NewMatrix(len(index), m.Columns)
	for k, i := range index {
		copy(out.Row(k), m.Row(i))
	}
	return out
}

// Select returns the columns at the given indices, in their order. A matrix without columns stays
// as it is.
func (m Matrix) Select(columns []int) Matrix {
	if m.Columns == 0 {
		return m
	}
	out := NewMatrix(m.Rows(), len(columns))
	for i := range m.Rows() {
		for to, k := range columns {
			out.Row(i)[to] = m.At(i, k)
		}
	}
	return out
}
