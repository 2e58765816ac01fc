package parquetfile

import (
	"errors"
	"io"

	"github.com/parquet-go/parquet-go"

	"github.com/routellm/routellm/datasets/internal/parquetcheck"
)

// pager reads the data pages of one column through all row groups.
type pager struct {
	file   *File
	leaf   int
	nested bool          // a row may hold several values
	group  int           // index of the row group after the open chunk
	pages  parquet.Pages // pages of the open chunk; nil between chunks
	left   int64         // number of values still to be read from the open chunk
}

// next returns the next page, which is valid until it is released. A column without
// another page is an error.
func (p *pager) next() (parquet.Page, error) {
	for p.pages == nil || p.left == 0 {
		p.close()
		groups := p.file.file.RowGroups()
		if p.group == len(groups) {
			return nil, parquetcheck.ErrShortColumn
		}
		chunk := &p.file.file.Metadata().RowGroups[p.group].Columns[p.leaf].MetaData
		p.left = groups[p.group].NumRows()
		if p.nested { // a row holds at least one value or null
			p.left = max(p.left, chunk.NumValues)
		}
		if err := parquetcheck.Pages(p.file.reader, chunk, p.left); err != nil {
			return nil, err
		}
		p.pages = groups[p.group].ColumnChunks()[p.leaf].Pages()
		p.group++
	}
	page, err := p.pages.ReadPage()
	if err == io.EOF || errors.Is(err, io.ErrUnexpectedEOF) {
		err = parquetcheck.ErrShortColumn
	}
	if err != nil {
		return nil, err
	}
	if p.left -= page.NumValues(); p.left < 0 {
		return nil, parquetcheck.ErrShortColumn
	}
	return page, nil
}

func (p *pager) close() {
	if p.pages != nil {
		p.pages.Close() // only returns buffers to a pool
		p.pages = nil
	}
}
