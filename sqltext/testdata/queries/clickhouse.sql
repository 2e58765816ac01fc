-- scan
WITH rl_rows AS (
  SELECT toFloat64("score") + toFloat64(0.0) AS rl_score,
    toFloat64("quality:strong") AS rl_strong,
    toFloat64("quality:weak") AS rl_weak,
    toFloat64("we\"i\`g\\h't") AS rl_weight,
    MD5(COALESCE(toString("cluster"), toString("sample_id"))) AS rl_hash
  FROM logs
), rl_checked AS (
  SELECT *, CASE
      WHEN rl_score IS NULL THEN 'score_null'
      WHEN NOT (isFinite(rl_score)) THEN 'score_not_finite'
      WHEN rl_strong IS NULL OR rl_weak IS NULL THEN 'quality_null'
      WHEN NOT (isFinite(rl_strong)) OR NOT (isFinite(rl_weak)) THEN 'quality_not_finite'
      WHEN rl_weight IS NULL OR NOT (isFinite(rl_weight)) OR rl_weight <= toFloat64(0.0) THEN 'weight_bad'
      WHEN rl_hash IS NULL THEN 'cluster_null'
      ELSE 'usable' END AS rl_state
  FROM rl_rows
)
SELECT COUNT(*) AS "total",
  COUNT(CASE WHEN rl_state = 'usable' THEN 1 END) AS "usable",
  COUNT(CASE WHEN rl_state = 'score_null' THEN 1 END) AS "score_null",
  COUNT(CASE WHEN rl_state = 'score_not_finite' THEN 1 END) AS "score_not_finite",
  COUNT(CASE WHEN rl_state = 'quality_null' THEN 1 END) AS "quality_null",
  COUNT(CASE WHEN rl_state = 'quality_not_finite' THEN 1 END) AS "quality_not_finite",
  COUNT(CASE WHEN rl_state = 'weight_bad' THEN 1 END) AS "weight_bad",
  COUNT(CASE WHEN rl_state = 'cluster_null' THEN 1 END) AS "cluster_null",
  MIN(CASE WHEN rl_state = 'usable' THEN rl_score END) AS "lo",
  MAX(CASE WHEN rl_state = 'usable' THEN rl_score END) AS "hi",
  uniq(CASE WHEN rl_state = 'usable' THEN rl_score END) AS "distinct_scores"
FROM rl_checked

-- summary exact
WITH rl_rows AS (
  SELECT toFloat64("score") + toFloat64(0.0) AS rl_score,
    toFloat64("quality:strong") AS rl_strong,
    toFloat64("quality:weak") AS rl_weak
  FROM logs
), rl_checked AS (
  SELECT *, CASE WHEN isFinite(rl_score) AND isFinite(rl_strong) AND isFinite(rl_weak)
      THEN 1 ELSE 0 END AS rl_usable
  FROM rl_rows
), rl_binned AS (
  SELECT CASE WHEN rl_usable = 1 THEN rl_score END AS rl_bin,
    CASE WHEN rl_usable = 1 THEN rl_score END AS rl_s,
    CASE WHEN rl_usable = 1 THEN rl_strong END AS rl_a,
    CASE WHEN rl_usable = 1 THEN rl_weak END AS rl_b
  FROM rl_checked
)
SELECT rl_bin AS "bin",
  MIN(rl_s) AS "score_min",
  MAX(rl_s) AS "score_max",
  COUNT(*) AS "n",
  COALESCE(SUM(rl_a), toFloat64(0.0)) AS "strong",
  COALESCE(SUM(rl_b), toFloat64(0.0)) AS "weak",
  COALESCE(SUM((rl_a - rl_b) * (rl_a - rl_b)), toFloat64(0.0)) AS "gain2"
FROM rl_binned
GROUP BY rl_bin

-- summary all_at_once
WITH rl_rows AS (
  SELECT toFloat64("score") + toFloat64(0.0) AS rl_score,
    toFloat64("quality:strong") AS rl_strong,
    toFloat64("quality:weak") AS rl_weak,
    toFloat64("we\"i\`g\\h't") AS rl_weight,
    COALESCE(toString("task"), '') AS rl_task,
    MD5(COALESCE(toString("cluster"), toString("sample_id"))) AS rl_hash
  FROM logs
), rl_checked AS (
  SELECT *, CASE WHEN isFinite(rl_score) AND isFinite(rl_strong) AND isFinite(rl_weak) AND isFinite(rl_weight) AND rl_weight > toFloat64(0.0) AND rl_hash IS NOT NULL
      THEN 1 ELSE 0 END AS rl_usable
  FROM rl_rows
), rl_binned AS (
  SELECT CASE WHEN rl_usable = 0 THEN NULL
      WHEN rl_score < toFloat64(-4.4942328371557893e+307) THEN -1
      WHEN rl_score <= toFloat64(-2.0) THEN toInt64(FLOOR((rl_score - (toFloat64(-4.564455225236349e+307))) * toFloat64(1.424047269444609e-306)))
      WHEN rl_score <= toFloat64(-0.5) THEN toInt64(FLOOR((rl_score - (toFloat64(-2.015625))) * toFloat64(64.0))) + 102
      WHEN rl_score <= toFloat64(-9.332636185032189e-302) THEN toInt64(FLOOR((rl_score - (toFloat64(-0.5078125))) * toFloat64(128.0))) + 204
      WHEN rl_score <= toFloat64(0.5) THEN toInt64(FLOOR((rl_score - (toFloat64(-0.0078125))) * toFloat64(128.0))) + 306
      WHEN rl_score <= toFloat64(0.75) THEN toInt64(FLOOR((rl_score - toFloat64(0.49609375)) * toFloat64(256.0))) + 408
      WHEN rl_score <= toFloat64(3.0) THEN toInt64(FLOOR((rl_score - toFloat64(0.71875)) * toFloat64(32.0))) + 510
      WHEN rl_score <= toFloat64(1e+300) THEN toInt64(FLOOR((rl_score - (toFloat64(-1.0463951242053392e+298))) * toFloat64(9.556619453472961e-299))) + 612
      ELSE 714 END AS rl_bin,
    CASE WHEN rl_usable = 1 THEN rl_score END AS rl_s,
    CASE WHEN rl_usable = 1 THEN rl_strong END AS rl_a,
    CASE WHEN rl_usable = 1 THEN rl_weak END AS rl_b,
    CASE WHEN rl_usable = 1 THEN rl_weight ELSE toFloat64(1.0) END AS rl_w,
    CASE WHEN rl_usable = 1 THEN rl_task END AS rl_slice,
    CASE WHEN rl_usable = 1 THEN toInt64(bitShiftRight(reinterpretAsUInt32(reverse(substring(rl_hash, 1, 4))), 4)) % 7 END AS rl_bucket
  FROM rl_checked
)
SELECT rl_bin AS "bin",
  rl_slice AS "task",
  rl_bucket AS "bucket",
  MIN(rl_s) AS "score_min",
  MAX(rl_s) AS "score_max",
  COUNT(*) AS "rows",
  SUM(rl_w) AS "n",
  COALESCE(SUM(rl_w * rl_a), toFloat64(0.0)) AS "strong",
  COALESCE(SUM(rl_w * rl_b), toFloat64(0.0)) AS "weak",
  COALESCE(SUM(rl_w * (rl_a - rl_b) * (rl_a - rl_b)), toFloat64(0.0)) AS "gain2"
FROM rl_binned
GROUP BY rl_bin, rl_slice, rl_bucket

-- summary refined_in_buckets
WITH rl_rows AS (
  SELECT toFloat64("score") + toFloat64(0.0) AS rl_score,
    toFloat64("quality:strong") AS rl_strong,
    toFloat64("quality:weak") AS rl_weak,
    toFloat64("we\"i\`g\\h't") AS rl_weight,
    MD5(COALESCE(toString("cluster"), toString("sample_id"))) AS rl_hash
  FROM logs
), rl_checked AS (
  SELECT *, CASE WHEN isFinite(rl_score) AND isFinite(rl_strong) AND isFinite(rl_weak) AND isFinite(rl_weight) AND rl_weight > toFloat64(0.0) AND rl_hash IS NOT NULL
      THEN 1 ELSE 0 END AS rl_usable
  FROM rl_rows
), rl_binned AS (
  SELECT CASE WHEN rl_usable = 1 THEN rl_score END AS rl_bin,
    CASE WHEN rl_usable = 1 THEN rl_score END AS rl_s,
    CASE WHEN rl_usable = 1 THEN rl_strong END AS rl_a,
    CASE WHEN rl_usable = 1 THEN rl_weak END AS rl_b,
    CASE WHEN rl_usable = 1 THEN rl_weight ELSE toFloat64(1.0) END AS rl_w,
    CASE WHEN rl_usable = 1 THEN toInt64(bitShiftRight(reinterpretAsUInt32(reverse(substring(rl_hash, 1, 4))), 4)) % 20 END AS rl_bucket
  FROM rl_checked
), rl_placed AS (
  SELECT *, toFloat64(SUM(rl_w) OVER (PARTITION BY rl_bin ORDER BY rl_s)) - toFloat64(SUM(rl_w) OVER (PARTITION BY rl_bin, rl_s)) / toFloat64(2.0) AS rl_below
  FROM rl_binned
)
SELECT rl_bin AS "bin",
  rl_bucket AS "bucket",
  MIN(rl_s) AS "score_min",
  MAX(rl_s) AS "score_max",
  COUNT(*) AS "rows",
  SUM(rl_w) AS "n",
  COALESCE(SUM(rl_w * rl_a), toFloat64(0.0)) AS "strong",
  COALESCE(SUM(rl_w * rl_b), toFloat64(0.0)) AS "weak",
  COALESCE(SUM(rl_w * (rl_a - rl_b) * (rl_a - rl_b)), toFloat64(0.0)) AS "gain2",
  COALESCE(SUM(rl_w * (rl_a - rl_b) * rl_below), toFloat64(0.0)) AS "area"
FROM rl_placed
WHERE rl_s BETWEEN toFloat64(-0.25) AND toFloat64(0.0)
  OR rl_s BETWEEN toFloat64(0.12345678901234566) AND toFloat64(0.30000000000000004)
  OR rl_s BETWEEN toFloat64(1.0) AND toFloat64(1.0000000000000002)
GROUP BY rl_bin, rl_bucket

-- scan of some rows
WITH rl_rows AS (
  SELECT toFloat64("score") + toFloat64(0.0) AS rl_score
  FROM {{ ref('logs') }}
  WHERE (day = '2026-11-01' -- a comment
  )
), rl_checked AS (
  SELECT *, CASE
      WHEN rl_score IS NULL THEN 'score_null'
      WHEN NOT (isFinite(rl_score)) THEN 'score_not_finite'
      ELSE 'usable' END AS rl_state
  FROM rl_rows
)
SELECT COUNT(*) AS "total",
  COUNT(CASE WHEN rl_state = 'usable' THEN 1 END) AS "usable",
  COUNT(CASE WHEN rl_state = 'score_null' THEN 1 END) AS "score_null",
  COUNT(CASE WHEN rl_state = 'score_not_finite' THEN 1 END) AS "score_not_finite",
  MIN(CASE WHEN rl_state = 'usable' THEN rl_score END) AS "lo",
  MAX(CASE WHEN rl_state = 'usable' THEN rl_score END) AS "hi",
  uniq(CASE WHEN rl_state = 'usable' THEN rl_score END) AS "distinct_scores"
FROM rl_checked

-- duplicates
WITH rl_prompts AS (
  SELECT toString("prompt_norm_sha256") AS rl_digest,
    toString("sample_id") AS rl_id,
    COALESCE(toString("cluster"), toString("sample_id")) AS rl_cluster
  FROM logs
)
SELECT rl_digest AS "digest",
  COUNT(*) AS "n",
  COUNT(DISTINCT rl_cluster) AS "clusters",
  MIN(rl_id) AS "first_id",
  MAX(rl_id) AS "last_id"
FROM rl_prompts
WHERE rl_digest IS NOT NULL
GROUP BY rl_digest
HAVING COUNT(*) > 1

-- leaks
WITH rl_prompts AS (
  SELECT toString("prompt_norm_sha256") AS rl_digest,
    toString("sample_id") AS rl_id,
    COALESCE(toString("cluster"), toString("sample_id")) AS rl_cluster
  FROM logs
), rl_known AS (
  SELECT DISTINCT toString("prompt_norm_sha256") AS rl_known_digest
  FROM digests
)
SELECT rl_id AS "id",
  rl_digest AS "digest"
FROM rl_prompts
JOIN rl_known ON rl_known_digest = rl_digest

