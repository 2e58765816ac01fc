-- scan
WITH rl_rows AS (
  SELECT CAST("score" AS DOUBLE) + DOUBLE '0.0' AS rl_score,
    CAST("quality:strong" AS DOUBLE) AS rl_strong,
    CAST("quality:weak" AS DOUBLE) AS rl_weak,
    CAST("we""i`g\h't" AS DOUBLE) AS rl_weight,
    to_hex(md5(to_utf8(COALESCE(CAST("cluster" AS VARCHAR), CAST("sample_id" AS VARCHAR))))) AS rl_hash
  FROM logs
), rl_checked AS (
  SELECT *, CASE
      WHEN rl_score IS NULL THEN 'score_null'
      WHEN NOT (is_finite(rl_score)) THEN 'score_not_finite'
      WHEN rl_strong IS NULL OR rl_weak IS NULL THEN 'quality_null'
      WHEN NOT (is_finite(rl_strong)) OR NOT (is_finite(rl_weak)) THEN 'quality_not_finite'
      WHEN rl_weight IS NULL OR NOT (is_finite(rl_weight)) OR rl_weight <= DOUBLE '0.0' THEN 'weight_bad'
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
  approx_distinct(CASE WHEN rl_state = 'usable' THEN rl_score END) AS "distinct_scores"
FROM rl_checked

-- summary exact
WITH rl_rows AS (
  SELECT CAST("score" AS DOUBLE) + DOUBLE '0.0' AS rl_score,
    CAST("quality:strong" AS DOUBLE) AS rl_strong,
    CAST("quality:weak" AS DOUBLE) AS rl_weak
  FROM logs
), rl_checked AS (
  SELECT *, CASE WHEN is_finite(rl_score) AND is_finite(rl_strong) AND is_finite(rl_weak)
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
  COALESCE(SUM(rl_a), DOUBLE '0.0') AS "strong",
  COALESCE(SUM(rl_b), DOUBLE '0.0') AS "weak",
  COALESCE(SUM((rl_a - rl_b) * (rl_a - rl_b)), DOUBLE '0.0') AS "gain2"
FROM rl_binned
GROUP BY rl_bin

-- summary all_at_once
WITH rl_rows AS (
  SELECT CAST("score" AS DOUBLE) + DOUBLE '0.0' AS rl_score,
    CAST("quality:strong" AS DOUBLE) AS rl_strong,
    CAST("quality:weak" AS DOUBLE) AS rl_weak,
    CAST("we""i`g\h't" AS DOUBLE) AS rl_weight,
    COALESCE(CAST("task" AS VARCHAR), '') AS rl_task,
    to_hex(md5(to_utf8(COALESCE(CAST("cluster" AS VARCHAR), CAST("sample_id" AS VARCHAR))))) AS rl_hash
  FROM logs
), rl_checked AS (
  SELECT *, CASE WHEN is_finite(rl_score) AND is_finite(rl_strong) AND is_finite(rl_weak) AND is_finite(rl_weight) AND rl_weight > DOUBLE '0.0' AND rl_hash IS NOT NULL
      THEN 1 ELSE 0 END AS rl_usable
  FROM rl_rows
), rl_binned AS (
  SELECT CASE WHEN rl_usable = 0 THEN NULL
      WHEN rl_score < DOUBLE '-4.4942328371557893e+307' THEN -1
      WHEN rl_score <= DOUBLE '-2.0' THEN CAST(FLOOR((rl_score - (DOUBLE '-4.564455225236349e+307')) * DOUBLE '1.424047269444609e-306') AS BIGINT)
      WHEN rl_score <= DOUBLE '-0.5' THEN CAST(FLOOR((rl_score - (DOUBLE '-2.015625')) * DOUBLE '64.0') AS BIGINT) + 102
      WHEN rl_score <= DOUBLE '-9.332636185032189e-302' THEN CAST(FLOOR((rl_score - (DOUBLE '-0.5078125')) * DOUBLE '128.0') AS BIGINT) + 204
      WHEN rl_score <= DOUBLE '0.5' THEN CAST(FLOOR((rl_score - (DOUBLE '-0.0078125')) * DOUBLE '128.0') AS BIGINT) + 306
      WHEN rl_score <= DOUBLE '0.75' THEN CAST(FLOOR((rl_score - DOUBLE '0.49609375') * DOUBLE '256.0') AS BIGINT) + 408
      WHEN rl_score <= DOUBLE '3.0' THEN CAST(FLOOR((rl_score - DOUBLE '0.71875') * DOUBLE '32.0') AS BIGINT) + 510
      WHEN rl_score <= DOUBLE '1e+300' THEN CAST(FLOOR((rl_score - (DOUBLE '-1.0463951242053392e+298')) * DOUBLE '9.556619453472961e-299') AS BIGINT) + 612
      ELSE 714 END AS rl_bin,
    CASE WHEN rl_usable = 1 THEN rl_score END AS rl_s,
    CASE WHEN rl_usable = 1 THEN rl_strong END AS rl_a,
    CASE WHEN rl_usable = 1 THEN rl_weak END AS rl_b,
    CASE WHEN rl_usable = 1 THEN rl_weight ELSE DOUBLE '1.0' END AS rl_w,
    CASE WHEN rl_usable = 1 THEN rl_task END AS rl_slice,
    CASE WHEN rl_usable = 1 THEN from_base(substr(rl_hash, 1, 7), 16) % 7 END AS rl_bucket
  FROM rl_checked
)
SELECT rl_bin AS "bin",
  rl_slice AS "task",
  rl_bucket AS "bucket",
  MIN(rl_s) AS "score_min",
  MAX(rl_s) AS "score_max",
  COUNT(*) AS "rows",
  SUM(rl_w) AS "n",
  COALESCE(SUM(rl_w * rl_a), DOUBLE '0.0') AS "strong",
  COALESCE(SUM(rl_w * rl_b), DOUBLE '0.0') AS "weak",
  COALESCE(SUM(rl_w * (rl_a - rl_b) * (rl_a - rl_b)), DOUBLE '0.0') AS "gain2"
FROM rl_binned
GROUP BY rl_bin, rl_slice, rl_bucket

-- summary refined_in_buckets
WITH rl_rows AS (
  SELECT CAST("score" AS DOUBLE) + DOUBLE '0.0' AS rl_score,
    CAST("quality:strong" AS DOUBLE) AS rl_strong,
    CAST("quality:weak" AS DOUBLE) AS rl_weak,
    CAST("we""i`g\h't" AS DOUBLE) AS rl_weight,
    to_hex(md5(to_utf8(COALESCE(CAST("cluster" AS VARCHAR), CAST("sample_id" AS VARCHAR))))) AS rl_hash
  FROM logs
), rl_checked AS (
  SELECT *, CASE WHEN is_finite(rl_score) AND is_finite(rl_strong) AND is_finite(rl_weak) AND is_finite(rl_weight) AND rl_weight > DOUBLE '0.0' AND rl_hash IS NOT NULL
      THEN 1 ELSE 0 END AS rl_usable
  FROM rl_rows
), rl_binned AS (
  SELECT CASE WHEN rl_usable = 1 THEN rl_score END AS rl_bin,
    CASE WHEN rl_usable = 1 THEN rl_score END AS rl_s,
    CASE WHEN rl_usable = 1 THEN rl_strong END AS rl_a,
    CASE WHEN rl_usable = 1 THEN rl_weak END AS rl_b,
    CASE WHEN rl_usable = 1 THEN rl_weight ELSE DOUBLE '1.0' END AS rl_w,
    CASE WHEN rl_usable = 1 THEN from_base(substr(rl_hash, 1, 7), 16) % 20 END AS rl_bucket
  FROM rl_checked
), rl_placed AS (
  SELECT *, CAST(SUM(rl_w) OVER (PARTITION BY rl_bin ORDER BY rl_s) AS DOUBLE) - CAST(SUM(rl_w) OVER (PARTITION BY rl_bin, rl_s) AS DOUBLE) / DOUBLE '2.0' AS rl_below
  FROM rl_binned
)
SELECT rl_bin AS "bin",
  rl_bucket AS "bucket",
  MIN(rl_s) AS "score_min",
  MAX(rl_s) AS "score_max",
  COUNT(*) AS "rows",
  SUM(rl_w) AS "n",
  COALESCE(SUM(rl_w * rl_a), DOUBLE '0.0') AS "strong",
  COALESCE(SUM(rl_w * rl_b), DOUBLE '0.0') AS "weak",
  COALESCE(SUM(rl_w * (rl_a - rl_b) * (rl_a - rl_b)), DOUBLE '0.0') AS "gain2",
  COALESCE(SUM(rl_w * (rl_a - rl_b) * rl_below), DOUBLE '0.0') AS "area"
FROM rl_placed
WHERE rl_s BETWEEN DOUBLE '-0.25' AND DOUBLE '0.0'
  OR rl_s BETWEEN DOUBLE '0.12345678901234566' AND DOUBLE '0.30000000000000004'
  OR rl_s BETWEEN DOUBLE '1.0' AND DOUBLE '1.0000000000000002'
GROUP BY rl_bin, rl_bucket

-- scan of some rows
WITH rl_rows AS (
  SELECT CAST("score" AS DOUBLE) + DOUBLE '0.0' AS rl_score
  FROM {{ ref('logs') }}
  WHERE (day = '2026-11-01' -- a comment
  )
), rl_checked AS (
  SELECT *, CASE
      WHEN rl_score IS NULL THEN 'score_null'
      WHEN NOT (is_finite(rl_score)) THEN 'score_not_finite'
      ELSE 'usable' END AS rl_state
  FROM rl_rows
)
SELECT COUNT(*) AS "total",
  COUNT(CASE WHEN rl_state = 'usable' THEN 1 END) AS "usable",
  COUNT(CASE WHEN rl_state = 'score_null' THEN 1 END) AS "score_null",
  COUNT(CASE WHEN rl_state = 'score_not_finite' THEN 1 END) AS "score_not_finite",
  MIN(CASE WHEN rl_state = 'usable' THEN rl_score END) AS "lo",
  MAX(CASE WHEN rl_state = 'usable' THEN rl_score END) AS "hi",
  approx_distinct(CASE WHEN rl_state = 'usable' THEN rl_score END) AS "distinct_scores"
FROM rl_checked

-- duplicates
WITH rl_prompts AS (
  SELECT CAST("prompt_norm_sha256" AS VARCHAR) AS rl_digest,
    CAST("sample_id" AS VARCHAR) AS rl_id,
    COALESCE(CAST("cluster" AS VARCHAR), CAST("sample_id" AS VARCHAR)) AS rl_cluster
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
  SELECT CAST("prompt_norm_sha256" AS VARCHAR) AS rl_digest,
    CAST("sample_id" AS VARCHAR) AS rl_id,
    COALESCE(CAST("cluster" AS VARCHAR), CAST("sample_id" AS VARCHAR)) AS rl_cluster
  FROM logs
), rl_known AS (
  SELECT DISTINCT CAST("prompt_norm_sha256" AS VARCHAR) AS rl_known_digest
  FROM digests
)
SELECT rl_id AS "id",
  rl_digest AS "digest"
FROM rl_prompts
JOIN rl_known ON rl_known_digest = rl_digest

