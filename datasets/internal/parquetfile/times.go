package parquetfile

import (
	"encoding/binary"
	"fmt"
	"strconv"
	"time"

	"github.com/parquet-go/parquet-go/format"
)

// Layouts of ISO 8601. A time that is not in UTC names no zone, because the file does not say it.
const (
	layoutDate = "2006-01-02"
	layoutTime = "15:04:05.999999999"
	layoutBoth = layoutDate + "T" + layoutTime
)

// times returns how to read dates, times, intervals and UUIDs as text.
func times(e *format.SchemaElement, logical format.LogicalTypeValue) scalar {
	text := func(read func(v *values, i int) string, expected format.Type, size int32) scalar {
		if e.Type.V != expected || e.TypeLength.V != size && expected == format.FixedLenByteArray {
			return scalar{}
		}
		return scalar{kind: Text, text: read}
	}
	switch l := logical.(type) {
	case *format.DateType:
		return text(dateText, format.Int32, 0)
	case *format.UUIDType:
		return text(uuidText, format.FixedLenByteArray, 16)
	case interval:
		return text(intervalText, format.FixedLenByteArray, 12)
	case *format.TimeType:
		return instants(e.Type.V, l.Unit, layoutTime, l.IsAdjustedToUTC)
	case *format.TimestampType:
		return instants(e.Type.V, l.Unit, layoutBoth, l.IsAdjustedToUTC)
	}
	return scalar{}
}

// instants returns how to read numbers of units since midnight, or since 1970.
func instants(t format.Type, unit format.TimeUnit, layout string, utc bool) scalar {
	if unit.Value == nil {
		return scalar{}
	}
	if utc {
		layout += "Z07:00"
	}
	perSecond := int64(time.Second / unit.Value.Duration())
	write := func(x int64) string {
		seconds := x / perSecond
		return time.Unix(seconds, (x-seconds*perSecond)*int64(unit.Value.Duration())).UTC().Format(layout)
	}
	switch t {
	case format.Int32:
		return scalar{kind: Text, text: func(v *values, i int) string { return write(int64(v.int32s()[i])) }}
	case format.Int64:
		return scalar{kind: Text, text: func(v *values, i int) string { return write(v.int64s()[i]) }}
	}
	return scalar{}
}

func dateText(v *values, i int) string {
	return time.Unix(int64(v.int32s()[i])*86400, 0).UTC().Format(layoutDate)
}

// julian1970 is the day number of 1970-01-01 in INT96.
const julian1970 = 2440588

// int96Text reads the timestamps of Spark and Impala: nanoseconds of the day, and the day.
func int96Text(v *values, i int) string {
	b := v.bytes(i)
	nanos, day := binary.LittleEndian.Uint64(b), binary.LittleEndian.Uint32(b[8:])
	return time.Unix((int64(day)-julian1970)*86400, 0).Add(time.Duration(nanos)).UTC().Format(layoutBoth)
}

func uuidText(v *values, i int) string {
	b := v.bytes(i)
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// intervalText writes months, days and milliseconds as an ISO 8601 duration, such as
// "P1M2DT3.5S".
func intervalText(v *values, i int) string {
	b := v.bytes(i)
	part := func(k int) uint32 { return binary.LittleEndian.Uint32(b[4*k:]) }
	return fmt.Sprintf("P%dM%dDT%sS", part(0), part(1), strconv.FormatFloat(float64(part(2))/1000, 'f', -1, 64))
}
