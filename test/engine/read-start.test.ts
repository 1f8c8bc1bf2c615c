import {expect, test} from 'vitest';
import {readStartOfStream} from '../../source/engine/worker/read/read-start.ts';
import type {ByteSource} from '../../source/input/byte-source.ts';

const HEADER = 'id,amount\n';
const request = {
	rateNames: (names: readonly string[]) => ({known: names.length, isComplete: names.join() === 'id,amount'}),
};

/** Reads the start of a stream whose last piece comes only when the start has been read, and then the rest. */
async function readAround(pieces: readonly string[], last: string): Promise<{start: string; all: string}> {
	let bringLast = (): void => {};
	const isAsked = new Promise<void>(resolve => {
		bringLast = resolve;
	});
	const left = [...pieces];
	let isOver = false;
	const stream: ByteSource = {
		async read(target) {
			if (isOver) return 0;
			const piece = left.shift();
			if (piece === undefined) {
				await isAsked;
				isOver = true;
			}
			const bytes = Buffer.from(piece ?? last).subarray(0, target.length);
			target.set(bytes);
			return bytes.length;
		},
	};
	const {bytes, source} = await readStartOfStream(stream, () => {}, request);
	const start = Buffer.from(bytes).toString();
	bringLast();
	let all = '';
	for (;;) {
		const target = Buffer.alloc(3);
		const length = await source.read(target);
		if (length === 0) return {start, all};
		all += target.toString('latin1', 0, length);
	}
}

test.each([
	['a header', ['id,am', 'ount\n'], HEADER],
	['a header and a record', [`${HEADER}1,2\n`], `${HEADER}1,2\n`],
])('%s that a stream has brought are enough to begin, and nothing is lost of what comes behind', async (_, pieces, start) => {
	expect(await readAround(pieces, '3,4\n5,6\n')).toEqual({start, all: `${start}3,4\n5,6\n`});
});
