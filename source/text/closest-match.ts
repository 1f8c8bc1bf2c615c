/**
Finds the word that the user most likely meant.

@returns `undefined` where even the closest word is too different to be offered.
*/
export function findClosestMatch(word: string, candidates: Iterable<string>): string | undefined {
	let closest: string | undefined;
	// A third of the letters may be wrong, but always one, so that a short word can still match.
	let limit = Math.max(1, Math.floor(word.length / 3));
	for (const candidate of candidates) {
		// The difference in length is a lower bound of the distance: a long path is not compared with short commands.
		if (Math.abs(word.length - candidate.length) > limit) continue;
		const distance = computeEditDistance(word, candidate);
		if (distance > limit || (distance === limit && closest !== undefined)) continue;
		limit = distance;
		closest = candidate;
	}
	return closest;
}

/** Counts letters added, left out, replaced or swapped with their neighbour (optimal string alignment). */
function computeEditDistance(left: string, right: string): number {
	let beforeLast: number[] = [];
	let last = Array.from({length: right.length + 1}, (_, index) => index);
	for (let row = 1; row <= left.length; row++) {
		const current = [row];
		for (let column = 1; column <= right.length; column++) {
			const isSame = left[row - 1] === right[column - 1];
			let distance = Math.min(
				(last[column] ?? 0) + 1,
				(current[column - 1] ?? 0) + 1,
				(last[column - 1] ?? 0) + (isSame ? 0 : 1),
			);
			const isSwapped =
				row > 1 && column > 1 && left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1];
			if (isSwapped) distance = Math.min(distance, (beforeLast[column - 2] ?? 0) + 1);
			current.push(distance);
		}
		beforeLast = last;
		last = current;
	}
	return last[right.length] ?? left.length;
}
