/** A folder that cannot be watched: a sentence on what is wrong, where, and what to do. */
export class WatchError extends Error {
	override readonly name = 'WatchError';
}
