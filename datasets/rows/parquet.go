package rows

import (
	"context"
	"fmt"
)

// openParquet opens a Parquet file.
func openParquet(_ context.Context, f *file, _ Options) (part, error) {
	return nil, fmt.Errorf("%q: Parquet is not built yet", f.name)
}
