// A source like one that lies elsewhere: opening, reading and verifying take their time, reads give less than was asked for,
// and anything may fail.

import type {UnpackLimits} from '../../source/engine/unpacking/unpacked-source.ts';
import {openBytes} from '../../source/engine/worker/source/open-bytes.ts';
import type {OpenSource} from '../../source/engine/worker/source/open-source.ts';

export interface RemotePlan {
	/** Bytes of each read, over and over. */
	readonly pieces: readonly number[];
	/** How many turns of the event loop each call takes, over and over; 0 for one that only waits for a promise. */
	readonly delays: readonly number[];
	/** Fails at this read, counted from 0. */
	readonly failsAtRead?: number;
	readonly failsToOpen?: boolean;
	/** What `verify` rejects with. */
	readonly change?: Error;
	readonly isSeekable?: boolean;
}

export interface RemoteSource {
	readonly open: (limits: UnpackLimits, onPackedRead?: () => void) => Promise<OpenSource>;
	/** Bytes that were given out before a read failed. */
	readonly givenBytes: () => number;
	readonly openCount: () => number;
}

export const failure = (code: string): NodeJS.ErrnoException => Object.assign(new Error(`scripted ${code}`), {code});

export function createRemoteSource(bytes: Uint8Array, plan: RemotePlan): RemoteSource {
	let openCount = 0;
	let givenBytes = 0;
	let turn = 0;
	const delay = async (): Promise<void> => {
		const turns = plan.delays[turn++ % plan.delays.length] ?? 0;
		for (let count = 0; count < turns; count++) await new Promise(resolve => setImmediate(resolve));
	};
	return {
		givenBytes: () => givenBytes,
		openCount: () => openCount,
		async open(limits, onPackedRead) {
			await delay();
			if (plan.failsToOpen) throw failure('ECONNRESET');
			openCount++;
			let isOpen = true;
			let offset = 0;
			let readCount = 0;
			return openBytes(
				{
					size: bytes.length,
					identity: 'etag-1',
					seek:
						plan.isSeekable === false
							? null
							: byteOffset => {
									offset = byteOffset;
								},
					async read(target) {
						await delay();
						const count = readCount++;
						if (count === plan.failsAtRead) throw failure('EIO');
						if (!isOpen) throw new Error('It is read after it was closed');
						const size = Math.min(target.length, plan.pieces[count % plan.pieces.length] ?? target.length);
						const piece = bytes.subarray(offset, offset + size);
						target.set(piece);
						offset += piece.length;
						givenBytes += piece.length;
						return piece.length;
					},
					async verify() {
						await delay();
						if (plan.change !== undefined) throw plan.change;
					},
					close() {
						if (isOpen) openCount--;
						isOpen = false;
					},
				},
				limits,
				onPackedRead,
			);
		},
	};
}
