package sqltext

import (
	"crypto/md5"
	"encoding/binary"
)

// Bucket returns the bucket, in 0 to k-1, of a cluster: the first 28 bits of the MD5 digest of its
// name modulo k. Every dialect computes the same one, so that summaries made by different engines
// share buckets. MD5 is used because every engine has it, and not for security.
func Bucket(cluster string, k int) int {
	digest := md5.Sum([]byte(cluster))
	return int(binary.BigEndian.Uint32(digest[:4])>>4) % k
}
