// A reading that hands on what it has read -> an iterable that gives it when it is asked for. One piece is in memory at a time.
import {AbortedError} from '../../../engine/shared/shared-progress.ts';

/** Resolves when the piece is done with. @throws {AbortedError} When no more is wanted. */
export type Give<Piece> = (piece: Piece) => Promise<void>;

/**
@param read - Reads all of it. It is begun when the first piece is asked for, and what it throws is thrown to who asks.
*/
export async function* piecesOf<Piece>(read: (give: Give<Piece>) => Promise<void>): AsyncGenerator<Piece, void> {
	let offered = Promise.withResolvers<{readonly piece: Piece} | null>();
	let done = Promise.withResolvers<void>();
	let isOver = false;
	const reading = read(async piece => {
		if (isOver) throw new AbortedError();
		offered.resolve({piece});
		await done.promise;
		if (isOver) throw new AbortedError();
	}).then(
		() => offered.resolve(null),
		(error: unknown) => {
			// Who has left does not hear of it.
			offered.promise.catch(() => {});
			offered.reject(error);
		},
	);
	try {
		for (;;) {
			const next = await offered.promise;
			if (next === null) return;
			yield next.piece;
			offered = Promise.withResolvers();
			const before = done;
			done = Promise.withResolvers();
			before.resolve();
		}
	} finally {
		isOver = true;
		done.resolve();
		await reading;
	}
}

/**
The values of lists that come one after the other, one by one. It does what `yield*` does, which takes several turns for each value: as long as
some readers take for a record.
*/
export function eachOf<Value>(lists: AsyncGenerator<readonly Value[], void>): AsyncIterableIterator<Value, void> {
	let list: readonly Value[] = [];
	let at = 0;
	/** Who asks before the next list has come waits for those that have asked before. */
	let last: Promise<unknown> | null = null;
	const ofNextList = async (): Promise<IteratorResult<Value, void>> => {
		while (at >= list.length) {
			const next = await lists.next();
			if (next.done === true) return {done: true, value: undefined};
			[list, at] = [next.value, 0];
		}
		return {done: false, value: list[at++] as Value};
	};
	return {
		next() {
			if (last === null && at < list.length) return Promise.resolve({done: false, value: list[at++] as Value});
			const result: Promise<IteratorResult<Value, void>> = (last ?? Promise.resolve()).then(ofNextList);
			const settled = result.catch(() => {});
			last = settled;
			void settled.then(() => {
				if (last === settled) last = null;
			});
			return result;
		},
		async return() {
			list = [];
			await lists.return();
			return {done: true, value: undefined};
		},
		[Symbol.asyncIterator]() {
			return this;
		},
	};
}
