# For mawk: no quotes, LF. Sums are whole cents in doubles, exact below 2^53. Lines of text, which the benchmark reads.
BEGIN { FS = ","; earliest = "9999-12-31"; latest = "0000-01-01" }
FNR == 1 { next }
{
	cents = $3 * 100
	cents = cents < 0 ? int(cents - 0.5) : int(cents + 0.5)
	sums[$5] += cents
	counts[$5]++
	if ($4 < earliest) earliest = $4
	if ($4 > latest) latest = $4
	customers[$2]
}
END {
	for (customer in customers) distinct++
	printf "%s\t%s\t%.0f\n", earliest, latest, distinct
	for (category in counts) printf "%s\t%.0f\t%.0f\n", category, counts[category], sums[category]
}
