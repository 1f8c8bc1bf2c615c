// What goes through a queue is sealed: anyone who can write to the queue, but does not have the secret, can make nobody read a file, and no
// run believe a figure.
//
//   1.<kind>.<HMAC-SHA-256 of version, kind and body>.<body>      both in base64; the body is packed by Zstandard
import {createHmac, hkdfSync, timingSafeEqual} from 'node:crypto';
import {zstdCompressSync, zstdDecompressSync} from 'node:zlib';
import {decodeValue, encodeValue} from './bytes-json.ts';

/** What it says, so that nothing can be passed off as something else: a job, what one came to, what a worker or a run says of itself. */
export type SealedKind = 'job' | 'result' | 'worker' | 'run';

const VERSION = '1';
/** Nothing that is sealed is larger unpacked: a file has at most 32 MiB of keys in each table. */
const MAX_BODY_BYTES = 1024 * 1024 * 1024;

/** It is not from somebody with the secret, or was damaged on its way. */
export class SealError extends Error {
	override readonly name = 'SealError';
}

export interface Sealer {
	readonly seal: (kind: SealedKind, value: unknown) => string;
	/** @throws {SealError} */
	readonly open: (kind: SealedKind, text: unknown) => unknown;
}

export function createSealer(secret: string): Sealer {
	const key = Buffer.from(hkdfSync('sha256', secret, '', 'fileproc-tui queue', 32));
	const sign = (kind: SealedKind, body: Uint8Array): Buffer =>
		createHmac('sha256', key).update(`${VERSION}.${kind}.`).update(body).digest();
	return {
		seal(kind, value) {
			const body = zstdCompressSync(encodeValue(value));
			return [VERSION, kind, sign(kind, body).toString('base64'), body.toString('base64')].join('.');
		},
		open(kind, text) {
			const [version, itsKind, signature = '', body = ''] = typeof text === 'string' ? text.split('.') : [];
			if (version !== VERSION || itsKind !== kind) throw new SealError(`It is not a ${kind} that was signed`);
			const bytes = Buffer.from(body, 'base64');
			const [expected, found] = [sign(kind, bytes), Buffer.from(signature, 'base64')];
			if (expected.length !== found.length || !timingSafeEqual(expected, found))
				throw new SealError('Its signature is of another secret, or it was changed on its way');
			// Only what has the right signature is unpacked.
			return decodeValue(zstdDecompressSync(bytes, {maxOutputLength: MAX_BODY_BYTES}));
		},
	};
}
