// Files that go out: whole or a range of them (RFC 9110), under a name that is safe everywhere, as something to save and never to show.
import {createHash} from 'node:crypto';
import {createReadStream} from 'node:fs';
import {type FileHandle, open} from 'node:fs/promises';
import {Readable} from 'node:stream';
import type {FastifyReply, FastifyRequest} from 'fastify';
import {escapeInvisible} from '../text/escape-invisible.ts';
import {codeOf} from '../text/system-error.ts';
import {notFound, problem} from './problem.ts';

interface Download {
	/** What it is to be saved as; `null`: it is read by programs, as an answer. */
	readonly name: string | null;
	/** With its charset, where it is text. */
	readonly type: string;
}

/** What goes out at this moment: it is not removed meanwhile, so that who was cut off can go on. */
export class Downloads {
	readonly #held = new Map<string, number>();

	/** @returns Lets it go. */
	hold(id: string): () => void {
		this.#held.set(id, (this.#held.get(id) ?? 0) + 1);
		let isHeld = true;
		return () => {
			if (!isHeld) return;
			isHeld = false;
			const count = (this.#held.get(id) ?? 0) - 1;
			if (count > 0) this.#held.set(id, count);
			else this.#held.delete(id);
		};
	}

	isHeld(id: string): boolean {
		return this.#held.has(id);
	}
}

export function sendBytes(
	request: FastifyRequest,
	reply: FastifyReply,
	download: Download,
	bytes: Buffer,
): FastifyReply {
	const range = begin(request, reply, download, {
		bytes: bytes.length,
		sha256: createHash('sha256').update(bytes).digest(),
	});
	return range === null ? reply.send() : reply.send(bytes.subarray(range.start, range.end));
}

/**
@param sha256 - Of the file; `null`: it is worked out.
@param onEnd - Called when nobody reads the file any more.
@throws {Problem} 404 when there is no such file.
*/
export async function sendFile(
	request: FastifyRequest,
	reply: FastifyReply,
	{path, sha256, onEnd, ...download}: Download & {path: string; sha256: Buffer | null; onEnd: () => void},
): Promise<FastifyReply> {
	let handle: FileHandle | null = null;
	try {
		handle = await openFile(path);
		const {size} = await handle.stat();
		const range = begin(request, reply, download, {bytes: size, sha256: sha256 ?? (await hashOf(handle))});
		if (range === null || request.method === 'HEAD' || range.end === range.start) {
			await handle.close();
			onEnd();
			// With an empty text its length would be told, and not that of the file.
			return range === null ? reply.send() : reply.send(Readable.from([]));
		}
		const stream = createReadStream('', {fd: handle, start: range.start, end: range.end - 1});
		// It closes its file with itself, also where the reader has gone.
		stream.once('close', onEnd);
		return reply.send(stream);
	} catch (error) {
		await handle?.close();
		onEnd();
		throw error;
	}
}

async function openFile(path: string): Promise<FileHandle> {
	try {
		return await open(path);
	} catch (error) {
		if (codeOf(error) === 'ENOENT') throw notFound('file');
		throw error;
	}
}

async function hashOf(handle: FileHandle): Promise<Buffer> {
	const hash = createHash('sha256');
	for await (const bytes of handle.createReadStream({autoClose: false, start: 0}) as AsyncIterable<Buffer>)
		hash.update(bytes);
	return hash.digest();
}

interface Representation {
	readonly bytes: number;
	readonly sha256: Buffer;
}

interface Range {
	readonly start: number;
	/** Behind the last byte. */
	readonly end: number;
}

/**
Says what is sent, and how much of it.

@returns `null`: nothing, because the reader has it.
@throws {Problem} 416
*/
function begin(
	{method, headers}: FastifyRequest,
	reply: FastifyReply,
	{name, type}: Download,
	whole: Representation,
): Range | null {
	const {bytes, sha256} = whole;
	const tag = `"${sha256.toString('base64url')}"`;
	const {range: asked, 'if-range': condition} = headers;
	// Of another version a part is of no use.
	const isWanted = asked !== undefined && method === 'GET' && (condition === undefined || condition === tag);
	const isKnown = isListed(headers['if-none-match'], tag);
	const range = isWanted && !isKnown ? readRange(asked, bytes) : null;
	if (range === 'unsatisfiable') {
		reply.header('content-range', `bytes */${bytes}`);
		throw problem('RANGE_NOT_SATISFIABLE', `Expected a range within ${bytes} bytes, but got ${asked}.`);
	}
	reply.headers({
		etag: tag,
		'repr-digest': `sha-256=:${sha256.toString('base64')}:`,
		'accept-ranges': 'bytes',
		'content-security-policy': 'sandbox',
	});
	if (isKnown) {
		reply.code(304);
		return null;
	}
	const {start, end} = range ?? {start: 0, end: bytes};
	if (range !== null) reply.code(206).header('content-range', `bytes ${start}-${end - 1}/${bytes}`);
	reply.headers({'content-type': type, 'content-length': String(end - start)});
	if (name !== null) reply.header('content-disposition', attachment(name));
	return {start, end};
}

const isListed = (header: string | undefined, tag: string): boolean =>
	header !== undefined &&
	(header.trim() === '*' || header.split(',').some(each => each.trim().replace(/^W\//, '') === tag));

/** One range; what is written otherwise, and several at once, are answered with the whole, as the standard has it: `null`. */
function readRange(header: string, bytes: number): Range | 'unsatisfiable' | null {
	const [, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/i.exec(header.trim()) ?? [];
	if (from === '' && to === '') return null;
	if (from === '')
		return Number(to) === 0 || bytes === 0 ? 'unsatisfiable' : {start: Math.max(0, bytes - Number(to)), end: bytes};
	const start = Number(from);
	if (to !== '' && Number(to) < start) return null;
	if (start >= bytes) return 'unsatisfiable';
	return {start, end: to === '' ? bytes : Math.min(bytes, Number(to) + 1)};
}

/** RFC 6266, without what is invisible or turns letters round, with the name in ASCII for old programs and whole in UTF-8 (RFC 8187). */
function attachment(given: string): string {
	const name = escapeInvisible(given).replaceAll('\\', '_');
	const ascii = name.replaceAll(/[^\x20-\x7e]|["\\%]/g, '_');
	const encoded = encodeURIComponent(name.toWellFormed()).replaceAll(
		/['()*]/g,
		each => `%${each.charCodeAt(0).toString(16).toUpperCase()}`,
	);
	return `attachment; filename="${ascii}"; filename*=UTF-8''${encoded}`;
}
