/** From here on the call of what is built in takes less time than the copy. */
const LONG_BYTES = 64;

/** Copies bytes that are few mostly, such as those of a key. */
export function copyBytes(target: Uint8Array, at: number, source: Uint8Array, from: number, length: number): void {
	if (length > LONG_BYTES) target.set(source.subarray(from, from + length), at);
	else for (let index = 0; index < length; index++) target[at + index] = source[from + index] ?? 0;
}
