/** So many times as long as it took something is taken for known. */
const PATIENCE = 20;

/** What takes long to find out is not found out at each question: a twentieth of the time goes there at most. */
export function seldom<Value>(find: () => Value): () => Value {
	let [known, validUntil] = [null as {readonly value: Value} | null, 0];
	return () => {
		const startedAt = performance.now();
		if (known !== null && startedAt < validUntil) return known.value;
		known = {value: find()};
		const endedAt = performance.now();
		validUntil = endedAt + PATIENCE * (endedAt - startedAt);
		return known.value;
	};
}
