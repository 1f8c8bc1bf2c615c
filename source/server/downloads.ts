// Files that go out: whole or a range of them (RFC 9110), under a name that is safe everywhere, as something to save and never to show.
import {createHash} from 'node:crypto';
import {Readable} from 'node:stream';
import type {FastifyReply, FastifyRequest} from 'fastify';
import {escapeInvisible} from '../text/escape-invisible.ts';
import {codeOf} from '../text/system-error.ts';
import {type ContentCoding, chooseCoding, LEAST_BYTES, pack} from './content-coding.ts';
import {openStored, type StoredFile} from './encryption/stored-file.ts';
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

export async function sendBytes(
	request: FastifyRequest,
	reply: FastifyReply,
	download: Download,
	plain: Buffer,
): Promise<FastifyReply> {
	const coding = codingOf(request, reply, download, plain.length);
	const bytes = coding === null ? plain : await pack(coding, plain);
	const range = begin(request, reply, download, {
		...{coding, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest()},
	});
	return range === null ? reply.send() : reply.send(bytes.subarray(range.start, range.end));
}

/** Text is packed where the client takes that, but not where it asks for a part: offsets are those of the plain bytes then, whatever it has taken before. */
function codingOf(
	{headers}: FastifyRequest,
	reply: FastifyReply,
	{type}: Download,
	bytes: number,
): ContentCoding | null {
	if (!/^(?:text\/|application\/json)/.test(type)) return null;
	const others = reply.getHeader('vary');
	reply.header('vary', others === undefined ? 'accept-encoding' : `${others}, accept-encoding`);
	return headers.range === undefined && bytes >= LEAST_BYTES ? chooseCoding(headers['accept-encoding']) : null;
}

interface FileDownload extends Download {
	readonly path: string;
	/** Of the file; `null`: it is worked out. */
	readonly sha256: Buffer | null;
	/** Gives the path of the same file in a coding. Left out: it is sent as it is. */
	readonly packed?: (coding: ContentCoding) => Promise<string>;
	/** Called when nobody reads the file any more. */
	readonly onEnd: () => void;
}

/** @throws {Problem} 404 when there is no such file. */
export async function sendFile(
	request: FastifyRequest,
	reply: FastifyReply,
	{path, sha256, packed, onEnd, ...download}: FileDownload,
): Promise<FastifyReply> {
	let file: StoredFile | null = null;
	try {
		file = await openFile(path);
		const coding = packed === undefined ? null : codingOf(request, reply, download, file.size);
		if (packed !== undefined && coding !== null) {
			await file.close();
			file = await openFile(await packed(coding));
		}
		const {size: bytes} = file;
		const known = coding === null ? sha256 : null;
		const range = begin(request, reply, download, {coding, bytes, sha256: known ?? (await hashOf(file))});
		if (range === null || request.method === 'HEAD' || range.end === range.start) {
			await file.close();
			onEnd();
			// With an empty text its length would be told, and not that of the file.
			return range === null ? reply.send() : reply.send(Readable.from([]));
		}
		const stream = file.stream(range.start, range.end);
		stream.once('close', onEnd);
		return reply.send(stream);
	} catch (error) {
		await file?.close();
		onEnd();
		throw error;
	}
}

async function openFile(path: string): Promise<StoredFile> {
	try {
		return await openStored(path);
	} catch (error) {
		if (codeOf(error) === 'ENOENT') throw notFound('file');
		throw error;
	}
}

async function hashOf(file: StoredFile): Promise<Buffer> {
	const hash = createHash('sha256');
	for await (const bytes of file.bytes()) hash.update(bytes);
	return hash.digest();
}

interface Representation {
	/** `null`: as it is. */
	readonly coding: ContentCoding | null;
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
	const {coding, bytes, sha256} = whole;
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
		...(coding !== null && {'content-encoding': coding}),
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
