// Opens an object on another machine: in ranges where it has them and says which version it is, else as a stream, from its first byte to its
// last.
import type {Readable} from 'node:stream';
import type {RangeAnswer, RemoteObject} from './range-answer.ts';
import {FIRST_BYTES, RANGE_BYTES, RangeReader} from './range-reader.ts';
import {RemoteError} from './remote-error.ts';
import type {RemoteLocation} from './remote-location.ts';
import {withRetries} from './with-retries.ts';

/** An object that is open: someone must close it. */
export interface RemoteSource {
	/** `null` where the server does not say. */
	readonly size: number | null;
	/** `null` where the server does not say. */
	readonly version: string | null;
	readonly read: (target: Uint8Array) => Promise<number>;
	/** `null` where it comes once, from the first byte to the last. */
	readonly seek: ((byteOffset: number) => void) | null;
	/** Reads at any place, what comes next is not changed by it; `null` where it cannot. */
	readonly readAt: ((start: number, end: number) => Promise<Uint8Array<ArrayBuffer>>) | null;
	/** Says how far somebody reads from here on. */
	readonly expect: (end: number) => void;
	readonly close: () => void;
}

export const openRemote = async (location: RemoteLocation): Promise<RemoteSource> =>
	openObject(await objectAt(location), location.size);

/** What can be asked for it; nothing is yet. */
export async function objectAt(location: RemoteLocation): Promise<RemoteObject> {
	if (location.kind === 's3') return (await import('./s3/s3-object.ts')).s3Object(location);
	return (await import('./http/http-object.ts')).httpObject(location);
}

export interface RangedSource extends RemoteSource {
	readonly seek: NonNullable<RemoteSource['seek']>;
	readonly readAt: NonNullable<RemoteSource['readAt']>;
}

/** Opens a version of an object whose ranges can be had, as is known already: nothing is asked for before something is read. */
export const openVersion = (
	object: RemoteObject,
	known: {readonly size: number; readonly version: string},
): RangedSource => rangedSource(new RangeReader(object, known, null));

function rangedSource(reader: RangeReader): RangedSource {
	const {size, version} = reader;
	return {
		...{size, version},
		read: target => reader.read(target),
		seek: byteOffset => reader.seek(byteOffset),
		readAt: (start, end) => reader.readAt(start, end),
		expect: until => reader.expect(until),
		close: () => reader.close(),
	};
}

/** @param listedSize - As far as it is known. */
export async function openObject(object: RemoteObject, listedSize: number | null = null): Promise<RemoteSource> {
	const {signal} = new AbortController();
	const end = listedSize !== null && listedSize <= RANGE_BYTES ? listedSize : FIRST_BYTES;
	const first = await withRetries(() => object.request({start: 0, end, version: null, signal}), signal, object.retries);
	const {size, version} = first;
	if (!first.isRange || size === null || version === null) return openStream(first, object);
	return rangedSource(new RangeReader(object, {size, version}, first, end));
}

async function openStream(first: RangeAnswer, object: RemoteObject): Promise<RemoteSource> {
	// A part of what says nothing of its version is of no use: the next part may be of another one.
	const whole = first.isRange ? await askForWhole(first, object) : first;
	const {body, size, version} = whole;
	const chunks = body[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
	let rest: Uint8Array = new Uint8Array(0);
	let received = 0;
	return {
		...{size, version},
		async read(target) {
			while (rest.length === 0) {
				const next = await chunks.next().catch((error: unknown) => {
					throw object.explain(error);
				});
				if (next.done) {
					if (size === null || received >= size) return 0;
					throw new RemoteError(
						'SHORT_ANSWER',
						`${object.name}: the server ended its answer at byte ${received} of ${size}`,
					);
				}
				rest = next.value;
				received += rest.length;
			}
			const length = Math.min(rest.length, target.length);
			target.set(rest.subarray(0, length));
			rest = rest.subarray(length);
			return length;
		},
		seek: null,
		readAt: null,
		expect() {},
		close: () => closeBody(body),
	};
}

async function askForWhole({body}: RangeAnswer, object: RemoteObject): Promise<RangeAnswer> {
	closeBody(body);
	const {signal} = new AbortController();
	return withRetries(() => object.request({start: 0, end: 0, version: null, signal}), signal, object.retries);
}

/** What comes of it after that is not to end the process. */
function closeBody(body: Readable): void {
	body.on('error', () => {});
	body.destroy();
}
